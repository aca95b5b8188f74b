/* order.c: which options ask for which order. Floor 4. */
#include "exec/order.h"

#include "build/source.h"

enum capture_order
order_of_cell(enum capture_order wish, const struct cell_info *c)
{
	if (wish == CAPTURE_PLAIN || c->options->capture_plain)
		return CAPTURE_PLAIN;
	return c->options->timeline ? CAPTURE_TIMELINE : wish;
}

enum capture_order
order_of_host(enum capture_order wish, const struct cell_list *cells)
{
	enum capture_order most = wish;

	for (size_t i = 0; cells && i < cells->count; i++) {
		const struct cell_info *c = &cells->at[i];
		enum capture_order one = order_of_cell(wish, c);

		if (!cell_info_is_in_host(c))
			continue;
		if (one == CAPTURE_PLAIN)
			return CAPTURE_PLAIN;
		if (one > most)
			most = one;
	}
	return most;
}

bool
order_host_is_shell(const struct cell_list *cells)
{
	for (size_t i = 0; cells && i < cells->count; i++)
		if (cells->at[i].kind == KIND_SHARED &&
		    source_shell_line(cells->at[i].cell->source))
			return true;
	return false;
}

/* The first cell of the host that says `capture: plain`. */
static const struct cell_info *
plain_in_host(const struct cell_list *cells)
{
	for (size_t i = 0; i < cells->count; i++)
		if (cell_info_is_in_host(&cells->at[i]) &&
		    cells->at[i].options->capture_plain)
			return &cells->at[i];
	return NULL;
}

int
order_check(enum capture_order wish, const struct cell_list *cells,
	    struct err *e)
{
	const struct cell_info *plain = plain_in_host(cells);

	for (size_t i = 0; i < cells->count; i++) {
		const struct cell_info *c = &cells->at[i];

		if (!c->options->timeline)
			continue;
		if (wish == CAPTURE_PLAIN)
			return err_input(e,
					 "cell '%s' asks for a timeline, which "
					 "'--capture plain' does not record",
					 c->name);
		if (c->options->capture_plain)
			return err_input(
				e,
				"cell '%s' asks for 'timeline' and for "
				"'capture: plain', which records none",
				c->name);
		if (plain && cell_info_is_in_host(c))
			return err_input(e,
					 "cell '%s' asks for a timeline, but "
					 "cell '%s' of the same process says "
					 "'capture: plain'",
					 c->name, plain->name);
	}
	return 0;
}
