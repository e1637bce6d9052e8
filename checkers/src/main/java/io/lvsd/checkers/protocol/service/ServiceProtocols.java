package io.lvsd.checkers.protocol.service;

import io.lvsd.checkers.protocol.Exchange;
import io.lvsd.conf.check.ServiceCheck;

/** The exchange of each type of SERVICE_CHECK. */
public final class ServiceProtocols {
    /** The user name of checks without one; servers do not need to know it. */
    static final String DEFAULT_USER = "lvsd";

    private ServiceProtocols() {}

    /**
     * A new exchange for one probe. Each sends the smallest request that shows whether the server works; a server that
     * refuses the user of the check works.
     */
    public static Exchange exchange(ServiceCheck check) {
        return switch (check.type()) {
            case REDIS -> new RedisExchange();
            case MEMCACHED -> new MemcachedExchange();
            case BEANSTALKD -> new BeanstalkdExchange();
            case IMAP -> new ImapExchange();
            case POP3 -> new Pop3Exchange();
            case POSTGRESQL -> new PostgresqlExchange(check);
            case MYSQL -> new MysqlExchange(check);
            case LDAP -> new LdapExchange();
            case SIP -> new SipExchange(check);
            case RADIUS -> new RadiusExchange(check);
            case NTP -> new NtpExchange();
        };
    }
}
