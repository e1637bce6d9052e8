package io.lvsd.lab.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A mail server that takes everything, and writes a line for each mail: subject, a bar, body. */
public final class MailSink {
    private final Path file;

    private MailSink(Path file) {
        this.file = file;
    }

    /** @param arguments port, file */
    public static void main(String[] arguments) throws IOException {
        MailSink sink = new MailSink(Path.of(arguments[1]));
        try (ServerSocket server =
                new ServerSocket(Integer.parseInt(arguments[0]), 50, InetAddress.getLoopbackAddress())) {
            Files.writeString(sink.file, "");
            while (true) {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> sink.serve(client));
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
            write(client, "220 sink");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("DATA")) {
                    write(client, "354 go on");
                    write(mail(in));
                    write(client, "250 taken");
                } else if (line.equals("QUIT")) {
                    write(client, "221 bye");
                    return;
                } else {
                    write(client, "250 yes");
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void write(Socket client, String line) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private static String mail(BufferedReader in) throws IOException {
        String subject = "";
        StringBuilder body = new StringBuilder();
        boolean inBody = false;
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            if (inBody) {
                body.append(line);
            } else if (line.startsWith("Subject: ")) {
                subject = line.substring(9);
            } else if (line.isEmpty()) {
                inBody = true;
            }
        }
        return subject + " | " + body.toString().strip();
    }

    private synchronized void write(String line) throws IOException {
        Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
    }
}
