package io.lvsd.sorryserver.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Paths and names in requests. Pure. */
final class RequestPath {
    private RequestPath() {}

    /**
     * The decoded path of a request target, from the root and without query; of an absolute URL, its path.
     *
     * @return empty text if it has no valid path
     */
    static String path(String target) {
        String path = withoutAuthority(target);
        int end = path.length();
        int query = path.indexOf('?');
        int fragment = path.indexOf('#');
        end = query >= 0 ? Math.min(end, query) : end;
        end = fragment >= 0 ? Math.min(end, fragment) : end;
        path = path.substring(0, end);
        return path.indexOf('%') < 0 ? path : decoded(path);
    }

    private static String withoutAuthority(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        int slash = scheme < 0 ? 0 : target.indexOf('/', scheme + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static String decoded(String path) {
        byte[] bytes = new byte[path.length()];
        int count = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                int high = i + 2 < path.length() ? Character.digit(path.charAt(i + 1), 16) : -1;
                int low = i + 2 < path.length() ? Character.digit(path.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return "";
                }
                bytes[count++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[count++] = (byte) c;
            }
        }
        return new String(bytes, 0, count, StandardCharsets.UTF_8);
    }

    /** The name in Host or :authority: in lower case, without port and final dot. */
    static String hostName(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.indexOf(':', Math.max(0, bracket));
        String name = colon < 0 ? authority : authority.substring(0, colon);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return name.toLowerCase(Locale.ROOT);
    }
}
