import com.adobe.epubcheck.tool.EpubChecker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Checks many books in one Java machine, through EPUBCheck's own command line: the first book
 * costs three seconds, each further one a few hundredths.
 *
 * <p>In: the paths of the books. Out: for each of them EPUBCheck's JSON report, in that order.
 */
class EpubCheckBatch {
    public static void main(String[] books) throws Exception {
        PrintStream out = System.out;
        for (String book : books) {
            // EPUBCheck closes the stream it has printed a report to, so each book gets its own.
            ByteArrayOutputStream report = new ByteArrayOutputStream();
            System.setOut(new PrintStream(report, true, StandardCharsets.UTF_8));
            new EpubChecker().run(new String[] {book, "--json", "-", "--quiet", "--locale", "en"});
            out.write(report.toByteArray());
        }
        out.flush();
    }
}
