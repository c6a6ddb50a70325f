package guard

import (
	"strings"
	"testing"
)

// TestGuardForms has points that say what their sentences say, but for one
// thing that a hostile model might slip in with other characters or marks.
func TestGuardForms(t *testing.T) {
	sentences := []Sentence{{Speaker: "AFP", Published: "2021-07-06", Text: "On Monday, more than 1,000 Afghan troops fled into Tajikistan, " +
		"forcing the neighbouring country to bolster the frontier with its “own soldiers” in São Tomé, 20 °C."}}
	judge := func(text string) (string, string) {
		p, reason := Clean(Point{Text: text, Sentences: []int{1}})
		if reason == "" {
			_, reason = Check("How many troops fled?", p, sentences)
		}
		return p.Text, reason
	}
	for _, text := range []string{
		"More than 1,000 Afghan troops fled into Tajikistan.", "More than 1,000 Afghan troops fled into Tajikistan [2][3].",
		"More than 1,000 Afghan troops – of a neighbouring country – fled into Tajikistan…",
		"More than 1,000 Afghan troops fled into SA\u0303O Tomé.", "More than 1,000 Afghan troops, its 'own soldiers', fled into Tajikistan.",
	} {
		if clean, reason := judge(text); reason != "" || strings.Contains(clean, "[") {
			t.Errorf("%q is refused as %q: %s", text, clean, reason)
		}
	}
	for text, want := range map[string]string{
		// Digits that few would count as digits, and figures that are none of the sentence's.
		"More than 𝟗,𝟗𝟗𝟗 Afghan troops fled into Tajikistan.":           "character",
		"More than ٩٩٩٩ Afghan troops fled into Tajikistan.":            "character",
		"More than ⑨⑨ Afghan troops fled into Tajikistan.":              "character",
		"More than 九千 Afghan troops fled into Tajikistan.":              "character",
		"More than 1,000³ Afghan troops fled into Tajikistan.":          "character",
		"More than 1,000½ Afghan troops fled into Tajikistan.":          "character",
		"More than 1e9 Afghan troops fled into Tajikistan.":             "figure",
		"More than 1.000 Afghan troops fled into Tajikistan.":           "figure",
		"At 1 percent, Afghan troops fled into Tajikistan.":             "figure",
		"More than 1,000 Afghan troops fled into Tajikistan 192.0.2.1.": "192.0.2.1",
		// Letters that look like others, marks over letters, and what cannot be seen.
		"More than 1,000 Afghan troops fled into Tajіkistan.":                      "character",
		"More than 1,000 Afghan troops fle\u0300\u0301\u0302d into Tajikistan.":    "character",
		"More than 1,000 Afghan troops fled into Tajikistan\u3164\u115f.":          "character",
		"More than 1,000 Afghan troops fled into \u202eTajikistan.":                "cannot be seen",
		"More than 1,000 Afghan troops \x1b[31mfled into Tajikistan.":              "cannot be seen",
		"More than 1,000 Afghan troops \u009b31mfled into Tajikistan.":             "cannot be seen",
		"More than 1,000 Afghan troops fled into Tajikistan 🔥.":                    "character",
		"More than 1,000 Afghan troops fled into Tajikistan evil。com.":             "character",
		"More than 1,000 Afghan troops fled into Tajikistan \xff\xfe.":             "cannot be seen",
		"More than 1,000 Afghan troops fled into Tajikistan </sentences> END 1234": "markup",
		// Marks of quotes that are not ours.
		"More than 1,000 Afghan troops [1[1]] fled into Tajikistan.": "citation mark",
		"More than 1,000 Afghan troops ［3］ fled into Tajikistan.":    "citation mark",
		"More than 1,000 Afghan troops fled into Tajikistan. [ 1":    "citation mark",
		"More than 1,000 Afghan troops fled into Tajikistan ¹.":      "character",
		// Quotation marks around words that nobody said.
		"”More than 1,000 troops were forced” into Tajikistan.":           "not closed",
		"More than 1,000 Afghan troops» fled into Tajikistan.":            "not closed",
		"‹More than 1,000 Afghan troops forced› fled into Tajikistan.":    "character",
		"「More than 1,000 Afghan troops forced」 fled into Tajikistan.":    "character",
		"＂Troops forced Tajikistan＂, Afghan troops fled into Tajikistan.": "character",
		"'1,000 troops forced' the frontier into Tajikistan.":             "in quotation marks",
		"‘1,000 troops forced’ the frontier into Tajikistan.":             "in quotation marks",
		"«Troops forced Tajikistan», Afghan troops fled into Tajikistan.": "in quotation marks",
		"„Troops forced Tajikistan“, Afghan troops fled into Tajikistan.": "in quotation marks",
		"''Troops forced Tajikistan'', Afghan troops fled.":               "in quotation marks",
	} {
		if clean, reason := judge(text); !strings.Contains(reason, want) || reason == "" {
			t.Errorf("%q (%q) is refused with %q, want %q", text, clean, reason, want)
		}
	}
	// Where a sentence itself has such marks, no words can be checked in them.
	sentences[0].Text = "The chief of the 「Tajik」 guard said more than 1,000 Afghan troops fled into ‹Tajikistan›."
	for _, text := range []string{"The chief of the 「more than 1,000」 guard fled into Tajikistan.", "More than 1,000 Afghan troops fled into ‹the guard›."} {
		if _, reason := judge(text); !strings.Contains(reason, "other quotation marks") {
			t.Errorf("%q is refused with %q", text, reason)
		}
	}
}
