/** The only package that makes native calls. No memory segment leaves it: out go byte arrays and records. */
package io.lvsd.ipvs.ffm;
