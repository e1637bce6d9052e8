/** What clients of a virtual server get while it has no real server: a page, or a relay to a web server on loopback. */
package io.lvsd.sorryserver;
