/** The sorry page and its files: read, rendered and chosen. No sockets. */
@org.jspecify.annotations.NullMarked
package io.lvsd.sorryserver.page;
