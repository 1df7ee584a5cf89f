/* Reads a CSV file with libcsv and counts its cells and rows: what reading alone costs. libcsv_alone FILE DELIMITER */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long cells, rows;

static void on_cell(void *bytes, size_t length, void *unused) {
  (void)bytes, (void)length, (void)unused;
  ++cells;
}
static void on_row(int character, void *unused) {
  (void)character, (void)unused;
  ++rows;
}

int main(int count, char **words) {
  static char block[1 << 16];
  struct csv_parser parser;
  FILE *file = count == 3 ? fopen(words[1], "rb") : NULL;
  size_t got;
  if (!file || csv_init(&parser, CSV_STRICT) != 0) return 2;
  csv_set_delim(&parser, (unsigned char)words[2][0]);
  while ((got = fread(block, 1, sizeof block, file)) > 0)
    if (csv_parse(&parser, block, got, on_cell, on_row, NULL) != got) return 1;
  csv_fini(&parser, on_cell, on_row, NULL);
  printf("%lu %lu\n", rows, cells);
  return 0;
}
