/*
 * Compares ways to find the heaviest keys in a flood of random ones, against exact counts:
 * `gcc -O2 -o heavy-keys bench/programs/heavy-keys.c -lm && ./heavy-keys [entries] [ways]`.
 *
 * One packet each of 10 million random sources is mixed with the packets of 20 heavy sources. Each row gives the number
 * of heavy sources among the 20 largest entries (recall), the error of their counts in percent (mean and largest), and
 * how many random sources stand above the smallest heavy one that was found.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLOOD 10000000u
#define HEAVY 20u
#define WAYS_MAX 16
#define ENTRIES_MAX 65536

static uint32_t entries = 2048;
static uint32_t ways = 8;

static uint64_t state = 88172645463325252ull;
static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545f4914f6cdd1dull;
}

static uint64_t mix(uint64_t key) {
    key = (key ^ 0x9ae16a3b2f90404full) * 0x9e3779b97f4a7c15ull;
    key ^= key >> 32;
    key *= 0xd6e8feb86659fd93ull;
    return key ^ key >> 29;
}

struct entry {
    uint64_t key;
    uint64_t count;
    uint64_t inherited; /* of count: from the key that had the place before */
    uint64_t before;    /* packets of the bucket without a place when this key got it */
    uint64_t used;      /* number of the packet that came last */
};

static struct entry table[ENTRIES_MAX];
static uint64_t placeless[ENTRIES_MAX];
static uint32_t sketch[4][ENTRIES_MAX];

enum method { SPACE_SAVING, RANDOMISED, LRU, FREQUENT, COUNT_MIN, METHODS };
static const char *const names[] = {"space saving", "randomised admission", "least recently used",
                                    "least frequent, from 1", "count-min with candidates"};

static void count(enum method method, uint64_t key, uint64_t packet) {
    const uint64_t hash = mix(key);
    const uint32_t number = (hash >> 40) % (entries / ways);
    struct entry *bucket = table + number * ways;
    struct entry *least = bucket;
    uint64_t estimate = 0;

    if (method == COUNT_MIN) { /* four rows beside the candidates */
        estimate = UINT64_MAX;
        for (int row = 0; row < 4; row++) {
            const uint32_t seen = ++sketch[row][mix(hash + row) % entries];
            estimate = seen < estimate ? seen : estimate;
        }
    }
    for (uint32_t i = 0; i < ways; i++) {
        struct entry *entry = bucket + i;
        if (entry->key == key) {
            entry->count = method == COUNT_MIN ? estimate : entry->count + 1;
            entry->used = packet;
            return;
        }
        if (method == LRU ? entry->used < least->used : entry->count < least->count)
            least = entry;
    }
    if ((method == RANDOMISED && next_random() % (least->count + 1)) ||
        (method == COUNT_MIN && estimate <= least->count)) {
        placeless[number]++;
        return;
    }
    const uint64_t taken = method == SPACE_SAVING || method == RANDOMISED ? least->count : 0;
    const uint64_t evicted = least->count - least->inherited;
    *least = (struct entry){key, method == COUNT_MIN ? estimate : taken + 1, taken, placeless[number], packet};
    placeless[number] += evicted;
}

/* The packets that were certainly of the key. */
static uint64_t certain(const struct entry *entry) {
    return entry->count - entry->inherited;
}

static void measure(enum method method, double smallest, double largest) {
    uint64_t truth[HEAVY];
    double threshold[HEAVY];
    double heavy_share = 0;
    uint32_t recalled = 0;
    double sum = 0, worst = 0, stated = 0;

    memset(table, 0, sizeof(table));
    memset(placeless, 0, sizeof(placeless));
    memset(sketch, 0, sizeof(sketch));
    memset(truth, 0, sizeof(truth));
    state = 88172645463325252ull;
    for (uint32_t i = 0; i < HEAVY; i++) {
        heavy_share += smallest * pow(largest / smallest, i / (HEAVY - 1.0));
        threshold[i] = heavy_share;
    }
    for (uint64_t flood = 0, packet = 1; flood < FLOOD; packet++) {
        const double at = (next_random() >> 11) * 0x1p-53;
        if (at >= heavy_share) {
            flood++;
            count(method, 1000 + (next_random() >> 16), packet);
            continue;
        }
        uint32_t heavy = 0;
        while (at >= threshold[heavy])
            heavy++;
        truth[heavy]++;
        count(method, 1 + heavy, packet);
    }
    uint32_t above = 0, found = 0;
    for (uint32_t heavy = 0; heavy < HEAVY; heavy++) {
        for (uint32_t i = 0; i < entries; i++) {
            if (table[i].key != 1 + heavy)
                continue;
            uint32_t larger = 0;
            for (uint32_t j = 0; j < entries; j++)
                larger += certain(table + j) > certain(table + i);
            found++;
            recalled += larger < HEAVY;
            above = larger > above ? larger : above;
            const double error = fabs((double)certain(table + i) - truth[heavy]) / truth[heavy] * 100;
            sum += error;
            stated += (method == SPACE_SAVING ? table[i].inherited : table[i].before) * 100.0 / truth[heavy];
            worst = error > worst ? error : worst;
        }
    }
    printf(
        "  %-26s recall %2u  in the table %2u  error mean %6.2f %%, largest %6.2f %%, stated %8.2f %%  last place %u\n",
        names[method], recalled, found, found ? sum / found : 0, worst, found ? stated / found : 0, above + 1);
}

int main(int argc, char **argv) {
    static const double shares[][2] = {{0.001, 0.01}, {0.0005, 0.0005}, {0.0002, 0.001}, {0.0001, 0.0001}};

    if (argc > 1)
        entries = atoi(argv[1]);
    if (argc > 2)
        ways = atoi(argv[2]);
    if (ways == 0 || ways > WAYS_MAX || entries > ENTRIES_MAX || entries % ways)
        return 2;
    printf("%u entries, %u ways\n", entries, ways);
    for (unsigned i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        printf(" 20 heavy sources with %g %% to %g %% of all packets each\n", shares[i][0] * 100, shares[i][1] * 100);
        for (enum method method = 0; method < METHODS; method++)
            measure(method, shares[i][0], shares[i][1]);
    }
    return 0;
}
