/** The IPVS table: read it, apply commands to it. Everything else in this module serves these two. */
package io.lvsd.ipvs;
