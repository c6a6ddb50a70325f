package eval

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/corpus"
)

func TestRead(t *testing.T) {
	in := "\ufeff" + `{"id":"1","question":"Who?","asked":"2021-07-06T10:00:00Z","answers":["Samim"],"evidence":[{"article":"a.txt","quote":"Samim did."}],"type":"who","more":1}

  {"id":"2","question":"What?"}
`
	got, err := Read(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	want := []Question{{ID: "1", Question: "Who?", Asked: "2021-07-06", Answers: []string{"Samim"}, Evidence: []Evidence{{"a.txt", "Samim did."}}, Type: "who"},
		{ID: "2", Question: "What?"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if !got[0].Answerable() || got[1].Answerable() || !(&Question{Evidence: []Evidence{{}}}).Answerable() {
		t.Error("what is answerable")
	}
	for in, want := range map[string]string{
		"":                                    "there are none",
		"\n \n":                               "there are none",
		"{\"question\":\"Who?\"}\n{":          "line 2",
		"\n\n[1]":                             "line 3",
		`{"id":"1","question":" "}`:           "line 1: no question",
		`{"question":"Who?","asked":"today"}`: "line 1: asked",
		`{"question":"` + strings.Repeat("a", maxLine) + `"}`:          "line 1: it has more than 1048576 bytes",
		"{\"question\":\"Who?\"}\n\n" + strings.Repeat("a", maxLine+1): "line 3: it has more than",
	} {
		if _, err := Read(strings.NewReader(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", in, err, want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"The Dam, broke!":       " the dam broke ",
		"1,037":                 " 1 037 ",
		"$5 — 7.5%":             " $5 7 5% ",
		"snake_case__x":         " snake case x ",
		"École\u00a0ÜBER Åland": " école über åland ",
		"Таджикистан":           " таджикистан ",
		"東京、日本":                 " 東京 日本 ",
		"½ Ⅷ ²":                 " ½ ⅷ ² ",
		"“quoted”":              " quoted ",
		"£5 €6 #7":              " 5 6 7 ",
		"":                      "  ",
		"—":                     "  ",
		" a ":                   " a ",
	} {
		if got := fold(in); got != want {
			t.Errorf("fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestContains(t *testing.T) {
	for _, tt := range []struct {
		text, answer string
		want         bool
	}{
		{"Some 1,037 men", "1,037", true}, {"Some 1,037 men", "1 037", true}, {"Some 1037 men", "1,037", false},
		{"Some 11,037 men", "1,037", false}, {"Some 1,037,000 men", "1,037", true},
		{"It cost $5 million.", "$5", true}, {"It cost $5 million.", "5", false}, {"It cost $50 million.", "$5", false},
		{"Up 7%.", "7%", true}, {"Up 7%.", "7", false}, {"Up 7 %.", "7", true}, {"Up 7 %.", "7%", false},
		{"the_red_line", "red line", true}, {"the red-line", "RED LINE", true}, {"the redline", "red line", false},
		{"Ahmad Samim's men", "samim", true}, {"Samimi", "Samim", false},
		{"in ZÜRICH", "zürich", true}, {"in Zurich", "zürich", false},
		{"東京の人", "東京", false}, {"東京、日本", "東京", true},
		{"anything", "", false}, {"anything", "—", false},
		{"first", "first", true}, {"the last", "last", true},
	} {
		if got := contains(tt.text, foldAll([]string{"not there", tt.answer})); got != tt.want {
			t.Errorf("%q contains %q: %v", tt.text, tt.answer, got)
		}
	}
	if contains("anything", nil) {
		t.Error("a text contains none of no answers")
	}
}

func TestOccurrences(t *testing.T) {
	for _, tt := range []struct {
		body, quote string
		want        []corpus.Span
	}{
		{"the dam broke", "dam broke", []corpus.Span{{Start: 4, End: 13}}},
		{"the dam \n\n broke", " dam\tbroke ", []corpus.Span{{Start: 4, End: 16}}},
		{"dam\u00a0broke", "dam broke", []corpus.Span{{Start: 0, End: 10}}},
		{"dam broke, dam broke", "dam broke", []corpus.Span{{Start: 0, End: 9}, {Start: 11, End: 20}}},
		{"dambroke", "dam broke", nil},
		{"dam-broke", "dam broke", nil},
		{"Dam broke", "dam broke", nil},
		{"dam dam broke", "dam broke", []corpus.Span{{Start: 4, End: 13}}},
		{"the dam", "dam broke", nil},
		{"Ünter é é", "é é", []corpus.Span{{Start: 7, End: 12}}},
		{"a", "", nil}, {"a", " \n", nil}, {"", "a", nil},
	} {
		if diff := cmp.Diff(tt.want, occurrences(tt.body, tt.quote)); diff != "" {
			t.Errorf("%q in %q (-want +got):\n%s", tt.quote, tt.body, diff)
		}
	}
}

func FuzzOccurrences(f *testing.F) {
	f.Add("the dam\n broke the  dam", "dam broke")
	f.Add("a a a", "a a")
	f.Fuzz(func(t *testing.T, body, quote string) {
		for _, s := range occurrences(body, quote) {
			if s.Start < 0 || s.End > len(body) || s.Start >= s.End {
				t.Fatalf("%v of %d bytes", s, len(body))
			}
			if got, want := strings.Fields(body[s.Start:s.End]), strings.Fields(quote); !cmp.Equal(got, want) {
				t.Errorf("%q found as %q", want, got)
			}
		}
		if fold(fold(body)) != fold(body) {
			t.Errorf("%q folds to %q, then to %q", body, fold(body), fold(fold(body)))
		}
	})
}
