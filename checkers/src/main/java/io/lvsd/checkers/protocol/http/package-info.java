/** HTTP_GET and SSL_GET over HTTP/1.x and HTTP/2, and the evaluation of their responses. */
@NullMarked
package io.lvsd.checkers.protocol.http;

import org.jspecify.annotations.NullMarked;
