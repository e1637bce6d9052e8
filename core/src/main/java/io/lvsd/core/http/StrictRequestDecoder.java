package io.lvsd.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Decodes HTTP/1 requests and rejects each one that another program could read differently (request smuggling). Netty rejects
 * lines that end with a bare LF, Content-Length next to Transfer-Encoding, repeated lengths and unknown codings; this class
 * also rejects header fields that continue on the next line (obs-fold, RFC 9112, section 5.2).
 */
final class StrictRequestDecoder extends HttpRequestDecoder {
    // owned by the channel's event loop
    private boolean inHead = true;
    private boolean folded;
    private byte last;

    StrictRequestDecoder() {
        super(new HttpDecoderConfig()
                .setMaxInitialLineLength(HttpLimits.HEAD)
                .setMaxHeaderSize(HttpLimits.HEAD)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false));
    }

    /** While it reads the head of a request, the superclass consumes bytes of that head only, and returns at its end. */
    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
        int start = in.readerIndex();
        boolean head = inHead;
        super.decode(context, in, out);
        if (head) {
            scan(in, start, in.readerIndex());
        }
        for (Object decoded : out) {
            if (decoded instanceof HttpRequest request) {
                inHead = false;
                if (folded && request.decoderResult().isSuccess()) {
                    request.setDecoderResult(DecoderResult.failure(
                            new IllegalArgumentException("a header field continues on the next line")));
                }
            }
            if (decoded instanceof LastHttpContent) {
                inHead = true;
                folded = false;
                last = 0;
            }
        }
    }

    private void scan(ByteBuf in, int from, int to) {
        for (int i = from; i < to; i++) {
            byte next = in.getByte(i);
            folded |= last == '\n' && (next == ' ' || next == '\t');
            last = next;
        }
    }
}
