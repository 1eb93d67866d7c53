/* Prints the offsets and constants that user space shares with the C headers, as TypeScript. The build runs it. */
#include "layouts.h"

void print_field(const char *name, size_t offset) {
    printf("  ");
    for (; *name; name++) {
        if (*name == '_' && name[1])
            putchar(*++name - 'a' + 'A');
        else
            putchar(*name);
    }
    printf(": %zu,\n", offset);
}

int main(void) {
    printf("// Printed by native/layouts/ at every build: offsets in bytes into the structures of the C headers.\n");
    print_capture_layouts();
    print_filter_layouts();
    print_connection_layouts();
    print_transmit_layouts();
    print_kernel_layouts();
    return 0;
}
