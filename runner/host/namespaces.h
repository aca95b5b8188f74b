/* namespaces.h: has the process left the namespaces in which it began? What
 * such a one holds, a host name, mounts, interfaces, is the kernel's: a copy of
 * this process shares it. Main thread, between cells. */
#ifndef CNB_NAMESPACES_H
#define CNB_NAMESPACES_H

/* Before code of cells runs: those that it is in are those in which it began.
 */
void namespaces_begin(void);
/* Code that is loaded: before such as could leave one, none is looked at. */
void namespaces_loaded(void *handle);
/* What kind of namespace it is, or its next child would be, in that is another;
 * empty: that cannot be told; NULL: none. */
const char *namespaces_left(void);

#endif
