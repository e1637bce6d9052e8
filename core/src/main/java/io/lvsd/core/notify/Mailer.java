package io.lvsd.core.notify;

import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.conf.model.NotifyConfig.Mail;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.Notification;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.apache.commons.net.smtp.SMTPClient;
import org.apache.commons.net.smtp.SMTPReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends mail, one message per session, without a retry. Each step has the configured timeout, a session ten times as much.
 * Used by one thread; blocks.
 */
final class Mailer {
    private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);
    private static final int LINE = 70;
    /** Lines of replies, in addition to those for each recipient. */
    private static final int MAX_LINES = 100;

    private static final int LINES_PER_RECIPIENT = 10;
    /** The deadline of a session, as a multiple of the timeout of one step. */
    private static final int STEPS = 10;

    private final String host;
    private String routerId = "";

    /** @param host name of this host, the default for names that are not configured */
    Mailer(String host) {
        this.host = host;
    }

    /** @param id name of this director; empty: the host name */
    void routerId(String id) {
        routerId = id;
    }

    /** Returns whether the server accepted it. */
    boolean send(Mail config, Notification.Mail mail) {
        String failure = attempt(config, mail);
        if (!failure.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("server", config.host() + ":" + config.port())
                    .addKeyValue("subject", mail.subject())
                    .addKeyValue("reason", failure)
                    .log("mail.failed");
        }
        return failure.isEmpty();
    }

    /** The reason of a failure, as printable text; empty on success. */
    String attempt(Mail config, Notification.Mail mail) {
        String from = address(config.from().orElse(System.getProperty("user.name") + "@" + host));
        SMTPClient client = new SMTPClient(StandardCharsets.UTF_8.name());
        client.setSocketFactory(new LimitedReplies(
                MAX_LINES + LINES_PER_RECIPIENT * config.to().size(),
                config.timeout(),
                config.timeout().multipliedBy(STEPS)));
        int timeout = (int) Math.min(Integer.MAX_VALUE, config.timeout().toMillis());
        client.setConnectTimeout(timeout);
        client.setDefaultTimeout(timeout);
        try {
            client.connect(config.host(), config.port());
            client.setSoTimeout(timeout);
            require(client, SMTPReply.isPositiveCompletion(client.getReplyCode()));
            require(
                    client,
                    SMTPReply.isPositiveCompletion(client.helo(config.helo().orElse(host))));
            require(client, client.setSender(from));
            for (String to : config.to()) {
                require(client, client.addRecipient(address(to)));
            }
            try (Writer body = client.sendMessageData()) {
                if (body == null) {
                    throw refusal(client);
                }
                body.write(text(config, mail));
            }
            require(client, client.completePendingCommand());
            client.logout();
            return "";
        } catch (IOException e) {
            return PrintableText.of(IoReason.of(e));
        } finally {
            disconnect(client);
        }
    }

    private static void require(SMTPClient client, boolean good) throws IOException {
        if (!good) {
            throw refusal(client);
        }
    }

    private static IOException refusal(SMTPClient client) {
        return new IOException("the server replied: " + client.getReplyString().strip());
    }

    private static void disconnect(SMTPClient client) {
        try {
            if (client.isConnected()) {
                client.disconnect();
            }
        } catch (IOException _) {
            // The connection is closed in any case.
        }
    }

    /** The message. The SMTP client terminates lines and doubles leading dots (RFC 5321, 4.5.2). */
    String text(Mail config, Notification.Mail mail) {
        return "Date: " + DATE.format(ZonedDateTime.now(ZoneId.systemDefault())) + "\r\n"
                + "From: " + header(config.from().orElse(System.getProperty("user.name") + "@" + host)) + "\r\n"
                + "Subject: [" + (routerId.isEmpty() ? host : routerId) + "] " + mail.subject() + "\r\n"
                + "X-Mailer: lvsd\r\n"
                + "To: " + recipients(config.to()) + "\r\n\r\n"
                + mail.body() + "\r\n";
    }

    /** Separated by commas, folded (RFC 5322, 2.2.3). */
    private static String recipients(List<String> to) {
        StringBuilder out = new StringBuilder();
        int line = 0;
        for (String one : to) {
            String text = header(one);
            if (!out.isEmpty()) {
                boolean fold = line + text.length() > LINE;
                out.append(fold ? ",\r\n " : ", ");
                line = fold ? 0 : line;
            }
            out.append(text);
            line += text.length() + 2;
        }
        return out.toString();
    }

    /** {@code Name <addr>} with the name quoted if RFC 5322 requires it. */
    static String header(String configured) {
        int open = configured.lastIndexOf('<');
        if (open <= 0) {
            return configured;
        }
        String name = configured.substring(0, open).strip();
        boolean plain = name.matches("[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*") || name.startsWith("\"");
        String quoted = plain ? name : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        return quoted + " " + configured.substring(open);
    }

    /** The bare address. */
    static String address(String configured) {
        int open = configured.lastIndexOf('<');
        int close = configured.lastIndexOf('>');
        return open >= 0 && close > open ? configured.substring(open + 1, close) : configured;
    }
}
