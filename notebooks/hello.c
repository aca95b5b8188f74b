                 
                                  
                                        
                         
#include <stdio.h>

int main(void)
{
    puts("hello from a program of its own");
    return 7;
}
