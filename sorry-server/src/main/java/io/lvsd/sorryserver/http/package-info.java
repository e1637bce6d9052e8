/** HTTP/1 and HTTP/2 on the connections of clients, and the limits of these connections. */
@org.jspecify.annotations.NullMarked
package io.lvsd.sorryserver.http;
