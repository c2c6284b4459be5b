import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.verapdf.ReleaseDetails;
import org.verapdf.core.EncryptedPdfException;
import org.verapdf.core.ModelParsingException;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Validates many PDF files against many flavours in one Java machine, with veraPDF's library.
 *
 * <p>In: the flavours' ids with commas between ("ua1,2u"), then the paths of the files. Out: for
 * each file, and in it for each flavour, one line of JSON with "version", "compliant" and
 * "failures", the rules that failed. A file that cannot be read as a PDF fails the rule "parse".
 */
class VeraPdfBatch {
    private static final int SHOWN_FOR_EACH_RULE = 1;

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        ObjectMapper json = new ObjectMapper();
        for (int i = 1; i < arguments.length; i++) {
            for (String id : arguments[0].split(",")) {
                Map<String, Object> report = report(new File(arguments[i]), flavour(id));
                report.put("version", version());
                System.out.println(json.writeValueAsString(report));
            }
        }
    }

    private static PDFAFlavour flavour(String id) {
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(id);
        if (flavour == PDFAFlavour.NO_FLAVOUR) {
            throw new IllegalArgumentException("veraPDF knows no flavour " + id);
        }
        return flavour;
    }

    private static Map<String, Object> report(File file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance()
                                .createValidator(flavour, SHOWN_FOR_EACH_RULE, false, true, false)) {
            return report(validator.validate(parser));
        } catch (ModelParsingException | EncryptedPdfException unreadable) {
            return report(false, List.of(failure("parse", 0, String.valueOf(unreadable.getMessage()))));
        }
    }

    private static Map<String, Object> report(ValidationResult result) {
        List<Map<String, Object>> failures = new ArrayList<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            Map<String, Object> failure =
                    failure(
                            assertion.getRuleId().getClause(),
                            assertion.getRuleId().getTestNumber(),
                            assertion.getMessage());
            failure.put("reason", assertion.getErrorMessage());
            failure.put("count", result.getFailedChecks().get(assertion.getRuleId()));
            failure.put("context", assertion.getLocation().getContext());
            failures.add(failure);
        }
        return report(result.isCompliant(), failures);
    }

    private static Map<String, Object> report(boolean compliant, List<Map<String, Object>> failures) {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("compliant", compliant);
        report.put("failures", failures);
        return report;
    }

    private static Map<String, Object> failure(String clause, int test, String description) {
        Map<String, Object> failure = new LinkedHashMap<>();
        failure.put("clause", clause);
        failure.put("test", test);
        failure.put("description", description);
        return failure;
    }

    private static String version() {
        return ReleaseDetails.byId("core").getVersion();
    }
}
