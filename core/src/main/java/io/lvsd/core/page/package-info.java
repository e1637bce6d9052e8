/** The status page: HTML that is complete without JavaScript, and a script that keeps it up to date. */
package io.lvsd.core.page;
