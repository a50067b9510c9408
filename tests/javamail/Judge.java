import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.mail.internet.AddressException;
import javax.mail.internet.InternetAddress;
import javax.mail.internet.InternetHeaders;

/** Reads one base64 text a line and says which addresses JavaMail, SES's own parser, finds in it. */
public final class Judge {
    public static void main(String[] arguments) throws Exception {
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(verdict(arguments[0], Base64.getDecoder().decode(line)));
        }
        out.flush();
    }

    /** "accepted" and each address in base64, members of groups one by one; or the complaint. */
    private static String verdict(String mode, byte[] octets) throws Exception {
        List<InternetAddress> found = new ArrayList<>();
        try {
            if (mode.equals("message")) {
                InternetHeaders headers = new InternetHeaders(new ByteArrayInputStream(octets));
                for (String name : new String[] {"To", "Cc", "Bcc"}) {
                    String field = headers.getHeader(name, ",");
                    if (field != null) {
                        collect(InternetAddress.parseHeader(field, true), found);
                    }
                }
            } else {
                String text = new String(octets, StandardCharsets.UTF_8);
                collect(
                    mode.equals("list")
                        ? InternetAddress.parse(text, true)
                        : new InternetAddress[] {new InternetAddress(text)},
                    found);
            }
        } catch (AddressException refused) {
            return refused.getMessage().replace('\r', ' ').replace('\n', ' ');
        } catch (RuntimeException crash) { // an old version has such faults of its own
            return crash.toString();
        }
        StringBuilder verdict = new StringBuilder("accepted");
        for (InternetAddress address : found) {
            byte[] read = address.getAddress().getBytes(StandardCharsets.UTF_8);
            verdict.append(' ').append(Base64.getEncoder().encodeToString(read));
        }
        return verdict.toString();
    }

    private static void collect(InternetAddress[] addresses, List<InternetAddress> found)
            throws AddressException {
        for (InternetAddress address : addresses) {
            address.validate();
            InternetAddress[] members = address.isGroup() ? address.getGroup(true) : null;
            if (members == null) {
                found.add(address);
            } else {
                collect(members, found);
            }
        }
    }
}
