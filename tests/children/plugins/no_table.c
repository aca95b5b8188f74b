/* A shared object like any other. */
int something = 1;
