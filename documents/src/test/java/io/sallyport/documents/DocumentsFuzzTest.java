package io.sallyport.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sallyport.model.document.Problems;

/** Whatever a file holds, reading it ends with documents or with problems, never with an exception. */
class DocumentsFuzzTest {
    @FuzzTest
    void everyTextIsReadOrRefusedWithAPlace(FuzzedDataProvider data) {
        Problems problems = new Problems();
        Documents.read(new Source("fuzz.yaml", data.consumeRemainingAsString()), problems);
        assertThat(problems.errors()).allSatisfy(p -> assertThat(p.toString()).startsWith("fuzz.yaml:"));
    }
}
