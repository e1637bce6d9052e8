package io.lvsd.lab.servers;

import io.lvsd.conf.check.CheckSpec;
import io.lvsd.conf.check.DnsCheck;
import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.check.HttpCheck;
import io.lvsd.conf.check.ServiceCheck;
import io.lvsd.conf.check.SmtpCheck;
import io.lvsd.conf.check.TcpCheck;
import io.lvsd.conf.check.UdpCheck;
import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.JsonMatch;
import io.lvsd.conf.check.http.Regex;
import io.lvsd.conf.check.http.StatusRange;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.check.http.WeightPart;
import io.lvsd.conf.check.service.ServiceType;
import io.lvsd.conf.source.IpAddresses;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Real servers of Debian's packages: how each is configured and started in its root, and its check. */
@SuppressWarnings("ImmutableEnumChecker") // Map.of and List.of cannot be changed
public enum DebianServer {
    NGINX(
            Map.of("nginx.conf", """
                daemon off; user root; pid WORK/pid; error_log WORK/error;
                events { }
                http {
                  access_log off; gzip on; gzip_types *; gzip_min_length 1;
                  server {
                    listen 127.0.0.1:PORT; listen 127.0.0.1:PORT1 http2; listen 127.0.0.1:PORT2 ssl http2;
                    ssl_certificate WORK/cert; ssl_certificate_key WORK/key;
                    location = /ok { default_type text/plain; return 200 "all is well, and so on and so forth\\n"; }
                    location = /moved { return 302 /ok; }
                    location = /json { default_type application/json; return 200 '{"db":{"state":"ok"},"load":"30%"}'; }
                  }
                }
                """),
            List.of(
                    "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext"
                            + " subjectAltName=IP:127.0.0.1 -keyout WORK/key -out WORK/cert",
                    "/usr/sbin/nginx -c WORK/nginx.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            Tls verified = new Tls(
                    Optional.empty(), true, Optional.of(work.resolve("cert")), List.of(), Optional.empty(), true);
            Url plain = url("/ok", Optional.of("all is (well|good)"));
            Url json = new Url(
                    "/json",
                    "localhost",
                    "GET",
                    List.of("X-Check: lvsd"),
                    Optional.empty(),
                    true,
                    0,
                    GOOD,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(new JsonMatch("db.state", "ok")),
                    Optional.of(new WeightPart.Json("load")));
            Url moved = new Url(
                    "/moved",
                    "localhost",
                    "GET",
                    List.of(),
                    Optional.empty(),
                    false,
                    1,
                    GOOD,
                    Optional.empty(),
                    plain.regex(),
                    List.of(),
                    Optional.empty());
            return List.of(
                    new TcpCheck(at(ports[0])),
                    http(ports[0], HttpVersion.V1_0, Optional.empty(), plain),
                    http(ports[0], HttpVersion.V1_1, Optional.empty(), json),
                    http(ports[0], HttpVersion.V1_0, Optional.empty(), moved),
                    http(ports[1], HttpVersion.V2, Optional.empty(), plain),
                    http(ports[1], HttpVersion.V2, Optional.empty(), json),
                    http(ports[2], HttpVersion.V1_1, Optional.of(verified), plain),
                    http(ports[2], HttpVersion.V2, Optional.of(verified), moved));
        }
    },
    APACHE(
            Map.of("apache.conf", """
                LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
                LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
                PidFile WORK/pid
                ErrorLog WORK/error
                DefaultRuntimeDir WORK
                ServerName localhost
                Listen 127.0.0.1:PORT
                User nobody
                Group nobody
                DocumentRoot WORK
                """, "ok", "all is well\n"),
            List.of("/usr/sbin/apache2 -D FOREGROUND -f WORK/apache.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(
                    http(ports[0], HttpVersion.V1_0, Optional.empty(), url("/ok", Optional.of("^all is well$"))));
        }
    },
    EXIM(Map.of("exim.conf", """
        primary_hostname = mail.example
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = PORT
        log_file_path = WORK/exim-%s.log
        spool_directory = WORK/spool
        pid_file_path = WORK/pid
        acl_smtp_rcpt =
        """), List.of("/usr/sbin/exim4 -C WORK/exim.conf -bdf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(new SmtpCheck(at(ports[0]), "director.example"));
        }
    },
    UNBOUND(Map.of("unbound.conf", """
        server:
          interface: 127.0.0.1
          port: PORT
          do-daemonize: no
          username: ""
          chroot: ""
          pidfile: ""
          use-syslog: no
          local-zone: "example." static
          local-data: "www.example. A 192.0.2.1"
        """), List.of("/usr/sbin/unbound -d -c WORK/unbound.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            String query = "123401000001000000000000" + "0377777707" + "6578616d706c6500" + "00010001";
            return List.of(
                    new DnsCheck(at(ports[0]), "A", "www.example"),
                    new UdpCheck(at(ports[0]), query, Optional.of("12348xx00001"), 12, 512));
        }
    },
    BIND(Map.of("named.conf", """
        options {
          directory "WORK"; listen-on port PORT { 127.0.0.1; }; listen-on-v6 { none; };
          recursion no; pid-file none; session-keyfile none; managed-keys-directory "WORK";
        };
        controls { };
        zone "example" { type primary; file "WORK/zone"; };
        """, "zone", """
        $TTL 60
        @ SOA ns mail 1 60 60 60 60
        @ NS ns
        ns A 192.0.2.1
        """), List.of("/usr/sbin/named -g -c WORK/named.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(new DnsCheck(at(ports[0]), "SOA", "example"));
        }
    },
    REDIS(Map.of(), List.of("/usr/bin/redis-server --port PORT --bind 127.0.0.1 --dir WORK")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.REDIS, ports[0]));
        }
    },
    MEMCACHED(Map.of(), List.of("/usr/bin/memcached -u nobody -l 127.0.0.1 -p PORT")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.MEMCACHED, ports[0]));
        }
    },
    BEANSTALKD(Map.of(), List.of("/usr/bin/beanstalkd -l 127.0.0.1 -p PORT")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.BEANSTALKD, ports[0]));
        }
    },
    POSTGRESQL(
            Map.of(),
            List.of(
                    "as postgres /usr/lib/postgresql/15/bin/initdb -D WORK/data -A trust -U postgres",
                    "as postgres /usr/lib/postgresql/15/bin/postgres -D WORK/data -p PORT -h 127.0.0.1 -k /tmp")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(
                    service(ServiceType.POSTGRESQL, ports[0]),
                    new ServiceCheck(
                            at(ports[0]),
                            ServiceType.POSTGRESQL,
                            Optional.empty(),
                            Optional.of("postgres"),
                            Optional.of("postgres"),
                            Optional.empty()));
        }
    },
    MARIADB(
            Map.of(),
            List.of(
                    "/usr/bin/mariadb-install-db --no-defaults --user=mysql --datadir=WORK/data --skip-test-db"
                            + " --auth-root-authentication-method=normal",
                    "/usr/sbin/mariadbd --no-defaults --user=mysql --datadir=WORK/data --port=PORT"
                            + " --bind-address=127.0.0.1 --socket=WORK/socket --max-connect-errors=5")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.MYSQL, ports[0]));
        }
    },
    SLAPD(Map.of("slapd.conf", """
        include /etc/ldap/schema/core.schema
        pidfile WORK/pid
        modulepath /usr/lib/ldap
        moduleload back_mdb
        database mdb
        suffix "dc=example"
        directory WORK
        """), List.of("/usr/sbin/slapd -d 0 -h ldap://127.0.0.1:PORT/ -f WORK/slapd.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.LDAP, ports[0]));
        }
    },
    DOVECOT(Map.of("dovecot.conf", """
        protocols = imap pop3
        base_dir = WORK/run
        log_path = WORK/log
        ssl = no
        listen = 127.0.0.1
        service imap-login {
          chroot =
          inet_listener imap {
            port = PORT
          }
          inet_listener imaps {
            port = 0
          }
        }
        service pop3-login {
          chroot =
          inet_listener pop3 {
            port = PORT1
          }
          inet_listener pop3s {
            port = 0
          }
        }
        service anvil {
          chroot =
        }
        passdb {
          driver = static
          args = password=x
        }
        userdb {
          driver = static
          args = uid=65534 gid=65534 home=/tmp
        }
        """), List.of("/usr/sbin/dovecot -F -c WORK/dovecot.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.IMAP, ports[0]), service(ServiceType.POP3, ports[1]));
        }
    },
    CHRONY(Map.of("chrony.conf", """
        local stratum 8
        allow 127.0.0.1
        port PORT
        bindaddress 127.0.0.1
        cmdport 0
        bindcmdaddress /
        pidfile WORK/pid
        """), List.of("/usr/sbin/chronyd -d -x -u root -f WORK/chrony.conf")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.NTP, ports[0]));
        }
    },
    FREERADIUS(
            Map.of("radiusd.conf", """
                name = lab
                logdir = WORK
                run_dir = WORK
                libdir = /usr/lib/freeradius
                log {
                  destination = stdout
                }
                security {
                  status_server = yes
                }
                client here {
                  ipaddr = 127.0.0.1
                  secret = testing123
                }
                modules {
                  always ok {
                    rcode = ok
                  }
                }
                server status {
                  listen {
                    type = status
                    ipaddr = 127.0.0.1
                    port = PORT
                  }
                  authorize {
                    Autz-Type Status-Server {
                      ok
                    }
                  }
                }
                """, "dictionary", ""),
            List.of("/usr/sbin/freeradius -f -l stdout -d WORK -n radiusd -D /usr/share/freeradius")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(new ServiceCheck(
                    at(ports[0]),
                    ServiceType.RADIUS,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("testing123")));
        }
    },
    KAMAILIO(
            Map.of("kamailio.cfg", """
                log_stderror=yes
                children=1
                listen=udp:127.0.0.1:PORT
                mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/:/usr/lib/aarch64-linux-gnu/kamailio/modules/"
                loadmodule "sl.so"
                request_route {
                  sl_send_reply("200", "OK");
                }
                """), List.of("/usr/sbin/kamailio -DD -E -Y WORK -f WORK/kamailio.cfg -m 16 -M 4")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(service(ServiceType.SIP, ports[0]));
        }
    },
    ETCD(
            Map.of(),
            List.of("/usr/bin/etcd --data-dir WORK/data --listen-client-urls http://127.0.0.1:PORT"
                    + " --advertise-client-urls http://127.0.0.1:PORT --listen-peer-urls http://127.0.0.1:PORT1")) {
        @Override
        public List<CheckSpec.Probed> specs(int[] ports, Path work) {
            return List.of(new GrpcCheck(at(ports[0]), Optional.empty(), ""));
        }
    };

    /** For a machine with two cores and much to do. */
    public static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final List<StatusRange> GOOD = List.of(new StatusRange(200, 299));
    private static final InetAddress LOOPBACK = IpAddresses.ofBytes(new byte[] {127, 0, 0, 1});

    private final Map<String, String> files;
    private final List<String> commands;

    DebianServer(Map<String, String> files, List<String> commands) {
        this.files = files;
        this.commands = commands;
    }

    /** The directory in which they are unpacked. Without it, the calling test is skipped, or fails if the lab is required. */
    public static Path root() throws IOException, InterruptedException {
        Process unpack = new ProcessBuilder("bin/servers")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(unpack.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (unpack.waitFor() != 0) {
            String text =
                    "lab/bin/servers cannot unpack real servers on this host: the checks are not tested with them";
            Assertions.assertNotEquals("required", System.getProperty("lab"), text);
            System.err.println("SKIPPED: " + text);
            Assumptions.abort(text);
        }
        return Path.of(printed);
    }

    /** What a server that is well answers; the first port is that of the first. */
    public abstract List<CheckSpec.Probed> specs(int[] ports, Path work);

    /** Commands in the root: those that prepare it, and at last the one that is the server. */
    public List<String> commands(int[] ports, String work) {
        return commands.stream().map(c -> replaced(c, ports, work)).toList();
    }

    public void writeFiles(int[] ports, Path root, String work) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(
                    root.resolve(work.substring(1)).resolve(file.getKey()), replaced(file.getValue(), ports, work));
        }
    }

    private static String replaced(String text, int[] ports, String work) {
        return text.replace("PORT1", String.valueOf(ports[1]))
                .replace("PORT2", String.valueOf(ports[2]))
                .replace("PORT", String.valueOf(ports[0]))
                .replace("WORK", work);
    }

    /** Three ports that are unused for TCP and UDP and outside of the range of ephemeral ports. */
    public static int[] freePorts() throws IOException {
        List<AutoCloseable> held = new ArrayList<>();
        int[] ports = new int[3];
        try {
            for (int i = 0; i < ports.length; ) {
                int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
                DatagramChannel udp = DatagramChannel.open();
                held.add(udp);
                try {
                    ServerSocket tcp = new ServerSocket(port, 1, LOOPBACK);
                    held.add(tcp);
                    udp.bind(new InetSocketAddress(LOOPBACK, tcp.getLocalPort()));
                    ports[i++] = tcp.getLocalPort();
                } catch (IOException _) {
                    // Another one.
                }
            }
            return ports;
        } finally {
            for (AutoCloseable socket : held) {
                try {
                    socket.close();
                } catch (Exception _) {
                    // It was only held.
                }
            }
        }
    }

    static ProbeAddress at(int port) {
        return new ProbeAddress(LOOPBACK, port, Optional.empty(), 0, "", 0, DEADLINE);
    }

    private static Url url(String path, Optional<String> regex) {
        return new Url(
                path,
                "localhost",
                "GET",
                List.of(),
                Optional.empty(),
                true,
                0,
                GOOD,
                Optional.empty(),
                regex.map(r -> new Regex(r, List.of(), true, 0, 0)),
                List.of(),
                Optional.empty());
    }

    private static HttpCheck http(int port, HttpVersion version, Optional<Tls> tls, Url url) {
        return new HttpCheck(at(port), tls, version, false, List.of(url));
    }

    private static ServiceCheck service(ServiceType type, int port) {
        return new ServiceCheck(at(port), type, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Bytes of a file of this machine's, for messages. */
    public static String tail(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            return text.substring(Math.max(0, text.length() - 2_000));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
