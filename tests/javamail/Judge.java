import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.mail.internet.AddressException;
import javax.mail.internet.InternetAddress;

/** Reads one base64 text a line and says what JavaMail, SES's own parser, makes of it. */
public final class Judge {
    public static void main(String[] arguments) throws Exception {
        boolean list = arguments.length > 0 && arguments[0].equals("list");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String text = new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8);
            out.println(list ? listVerdict(text) : verdict(text));
        }
        out.flush();
    }

    private static String verdict(String text) {
        try {
            new InternetAddress(text).validate();
            return "accepted";
        } catch (AddressException refused) {
            return oneLine(refused.getMessage());
        }
    }

    /** The number of mailboxes, members of groups included. */
    private static String listVerdict(String text) {
        try {
            int count = 0;
            for (InternetAddress address : InternetAddress.parse(text, true)) {
                InternetAddress[] members = address.isGroup() ? address.getGroup(true) : null;
                address.validate();
                count += members == null ? 1 : members.length;
            }
            return "accepted " + count;
        } catch (AddressException refused) {
            return oneLine(refused.getMessage());
        }
    }

    private static String oneLine(String text) {
        return text.replace('\r', ' ').replace('\n', ' ');
    }
}
