package warehouse

// #include <unistd.h>
//
// // Memory freed in one arena of the engine's allocator is not used by another one, so that the same month took up to 130 MB more in one run of
// // three. On few CPUs one arena is as fast (a month of 3 M rows, two threads). jemalloc asks the program for settings by this name
// // (weak: where the engine comes without jemalloc there is nothing to set).
// extern __attribute__((weak)) const char *duckdb_je_malloc_conf_2_conf_harder;
//
// __attribute__((constructor(101))) static void oneArena(void) {
//	if (&duckdb_je_malloc_conf_2_conf_harder && sysconf(_SC_NPROCESSORS_ONLN) <= 4)
//		duckdb_je_malloc_conf_2_conf_harder = "narenas:1";
// }
import "C"
