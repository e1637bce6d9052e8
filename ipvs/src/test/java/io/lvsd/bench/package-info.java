/** What the benchmarks of all modules share. It is in the test archive of this module because every module can use that. */
package io.lvsd.bench;
