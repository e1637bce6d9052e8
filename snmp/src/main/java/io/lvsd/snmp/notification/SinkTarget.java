package io.lvsd.snmp.notification;

import io.lvsd.conf.model.SnmpConfig.User;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.snmp4j.CommunityTarget;
import org.snmp4j.Target;
import org.snmp4j.UserTarget;
import org.snmp4j.mp.SnmpConstants;
import org.snmp4j.security.SecurityLevel;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.UdpAddress;

/** As whom messages are sent to an address. */
record SinkTarget(Function<UdpAddress, Target<UdpAddress>> of) {
    private static final long TIMEOUT_MILLIS = 2_000;
    private static final int RETRIES = 4;

    static SinkTarget ofCommunity(String name) {
        return new SinkTarget(address -> {
            Target<UdpAddress> target = new CommunityTarget<>(address, bytes(name));
            target.setVersion(SnmpConstants.version2c);
            return retried(target);
        });
    }

    /** @param engineId empty: that of the receiver, which is requested */
    static SinkTarget ofUser(User user, OctetString engineId) {
        int level = user.priv().isPresent()
                ? SecurityLevel.AUTH_PRIV
                : user.auth().isPresent() ? SecurityLevel.AUTH_NOPRIV : SecurityLevel.NOAUTH_NOPRIV;
        return new SinkTarget(address -> {
            UserTarget<UdpAddress> target = new UserTarget<>(address, bytes(user.name()), engineId.getValue(), level);
            target.setVersion(SnmpConstants.version3);
            return retried(target);
        });
    }

    private static Target<UdpAddress> retried(Target<UdpAddress> target) {
        target.setTimeout(TIMEOUT_MILLIS);
        target.setRetries(RETRIES);
        return target;
    }

    private static OctetString bytes(String text) {
        return new OctetString(text.getBytes(StandardCharsets.UTF_8));
    }
}
