/* Prints offsets, sizes and constants of C headers as TypeScript. */
#ifndef RINGCAP_LAYOUTS_H
#define RINGCAP_LAYOUTS_H

#include <stddef.h>
#include <stdio.h>

#define BEGIN(constant, type) printf("\nexport const %s = {\n  size: %zu,\n", constant, sizeof(struct type))
#define FIELD(type, field) print_field(#field, offsetof(struct type, field))
#define END() printf("} as const;\n")
#define CONSTANT(name) printf("export const %s = %lld;\n", #name, (long long)(name))

/* The name is in snake_case, and is printed in camelCase. */
void print_field(const char *name, size_t offset);

void print_capture_layouts(void);
void print_filter_layouts(void);
void print_connection_layouts(void);
void print_transmit_layouts(void);
void print_kernel_layouts(void);

#endif
