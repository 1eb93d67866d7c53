/* The frames that are sent. */
#include "transmit/transmit.h"
#include "layouts.h"

void print_transmit_layouts(void) {
    BEGIN("TRANSMIT_PLAN", transmit_plan);
    FIELD(transmit_plan, interface_index);
    FIELD(transmit_plan, bytes_size);
    END();
    CONSTANT(TRANSMIT_LENGTH_MIN);
    CONSTANT(TRANSMIT_LENGTH_MAX);
}
