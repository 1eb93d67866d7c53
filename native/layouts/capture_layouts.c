/* A capture: records, rings, batches, counters, the command that it runs, and the view of the programs beside it. */
#include "../batch_record.h"
#include "capture/capture_counters.h"
#include "capture/packet_block.h"
#include "capture/packet_record.h"
#include "capture/packet_ring.h"
#include "capture/program_view.h"
#include "owners/command_launcher.h"
#include "layouts.h"

void print_capture_layouts(void) {
    BEGIN("PACKET_RECORD", packet_record);
    FIELD(packet_record, seconds);
    FIELD(packet_record, fraction);
    FIELD(packet_record, captured_length);
    FIELD(packet_record, original_length);
    END();
    BEGIN("PACKET_BLOCK", packet_block);
    FIELD(packet_block, total_length);
    FIELD(packet_block, timestamp_high);
    FIELD(packet_block, timestamp_low);
    FIELD(packet_block, captured_length);
    FIELD(packet_block, original_length);
    END();
    CONSTANT(EPB_FLAGS_OUTBOUND);
    BEGIN("PACKET_ORIGIN", packet_origin);
    FIELD(packet_origin, interface_index);
    FIELD(packet_origin, direction);
    FIELD(packet_origin, is_dropped);
    FIELD(packet_origin, queue);
    FIELD(packet_origin, lost);
    END();
    BEGIN("PACKET_PROCESS", packet_process);
    FIELD(packet_process, pid);
    FIELD(packet_process, uid);
    FIELD(packet_process, comm);
    END();
    BEGIN("PACKET_RING", packet_ring);
    FIELD(packet_ring, consumed);
    FIELD(packet_ring, clock_generation);
    FIELD(packet_ring, claimed);
    FIELD(packet_ring, published);
    FIELD(packet_ring, lap_end);
    FIELD(packet_ring, generation);
    FIELD(packet_ring, stepped_at);
    END();
    BEGIN("BATCH_RECORD", batch_record);
    FIELD(batch_record, seconds);
    FIELD(batch_record, nanoseconds);
    FIELD(batch_record, captured_length);
    FIELD(batch_record, original_length);
    FIELD(batch_record, interface_index);
    FIELD(batch_record, direction);
    FIELD(batch_record, is_dropped);
    FIELD(batch_record, queue);
    FIELD(batch_record, lost);
    FIELD(batch_record, number);
    END();
    BEGIN("CAPTURE_COUNTERS", capture_counters);
    FIELD(capture_counters, seen);
    FIELD(capture_counters, matched);
    FIELD(capture_counters, sampled_out);
    FIELD(capture_counters, rate_limited);
    FIELD(capture_counters, submitted);
    FIELD(capture_counters, ring_full);
    FIELD(capture_counters, copy_failed);
    FIELD(capture_counters, zero);
    END();
    BEGIN("COMMAND_LAUNCHER", command_launcher);
    FIELD(command_launcher, is_launching);
    END();
    BEGIN("VIEW_QUESTION", view_question);
    FIELD(view_question, link_id);
    FIELD(view_question, egress);
    FIELD(view_question, program_id);
    FIELD(view_question, marks);
    END();
    BEGIN("VIEW_CHAIN", view_chain);
    FIELD(view_chain, revision);
    END();
    BEGIN("VIEW_PROGRAM", view_program);
    FIELD(view_program, marks);
    FIELD(view_program, name);
    END();
    CONSTANT(PACKET_RING_POSITION_BITS);
    CONSTANT(PACKET_RING_DATA);
    CONSTANT(PACKET_RING_OVERRUN);
    CONSTANT(PACKET_RING_SIZE_MAX);
    CONSTANT(PACKET_QUEUE_UNKNOWN);
    CONSTANT(BLOCK_OVERHEAD_MAX);
    CONSTANT(PACKET_DIRECTION_IN);
    CONSTANT(PACKET_DIRECTION_OUT);
    CONSTANT(KERNEL_NAME_LENGTH);
}
