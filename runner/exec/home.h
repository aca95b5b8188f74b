/* home.h: where the parts of cnb stand beside the program itself: in the build
 * tree, or below the prefix that it was installed to. */
#ifndef CNB_HOME_H
#define CNB_HOME_H

#include "base/err.h"

struct home {
	char *host;	   /* cnb-host */
	char *host_object; /* cnb-host.o, of which others are linked */
	char *front;	   /* cnb-front.o */
	char *runtime;	   /* cnb-runtime.o */
	char *include_dir; /* of cell.h */
};

int home_find(struct home *h, struct err *e);
void home_release(struct home *h);

#endif
