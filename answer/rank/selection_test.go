package rank

import (
	"strings"
	"testing"

	"verbatim/retrieval"
)

// selected returns what e has on a question.
func selected(t *testing.T, e *retrieval.Engine, question string, n int) *Selection {
	t.Helper()
	res, err := e.Search(t.Context(), retrieval.Query{Text: question, AsOf: "2021-07-06", K: ReadPassages, Features: true})
	if err != nil {
		t.Fatal(err)
	}
	f, err := Select(e, res, n)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestBroad holds that a question about nothing in particular is answered if
// the articles mention its subject, and only then.
func TestBroad(t *testing.T) {
	e := seedsEngine(t)
	for question, want := range map[string]bool{
		"what happened in Badakhshan": true, "tell me about Bagram": true, "is Faizabad safe": true, "What is going on in Tajikistan?": true,
		"what's the latest on the Taliban": true, "anything about Bagram Air Base": true,
		"tell me about Lisbon": false, "How many soldiers fled?": false, "Who is the governor of Badakhshan?": false,
		"What is the price of milk in Kabul?": false, "happened": false,
		"Who is Vladimir Putin?": true, "Who was Ashraf Ghani?": true, "Who is Ada Lovelace?": false, "Who is Putin's governor?": false,
	} {
		f := selected(t, e, question, 5)
		if f.broad() != want {
			t.Errorf("%s: broad is %t", question, !want)
		}
		if want && (f.Confidence < broadConfidence || len(f.Chosen) == 0) {
			t.Errorf("%s: %d quotes, confidence %g", question, len(f.Chosen), f.Confidence)
		}
	}
}

// TestForeign holds that a question in another language is not refused above
// the sentence that holds its words, and is not taken for one of English names.
func TestForeign(t *testing.T) {
	e := seedsEngine(t)
	for question, want := range map[string]bool{
		"Wann fiel Kunduz?": true, "Taliban Badakhshan": true, "When did Kunduz fall?": false, "Wann schloss Lissabon?": false,
	} {
		f := selected(t, e, question, 5)
		if f.foreign() != want {
			t.Errorf("%s: foreign is %t", question, !want)
		}
		if want && f.Confidence < doubtful {
			t.Errorf("%s: confidence %g", question, f.Confidence)
		}
	}
}

// TestDoubt holds what the rules beside the model of answerability do: no
// refusal above a sentence that holds the question's own words, no answer about
// a country that no article mentions.
func TestDoubt(t *testing.T) {
	e := seedsEngine(t)
	for question, want := range map[string]struct{ repeated, elsewhere bool }{
		"what did rahmon order":                  {repeated: true},
		"how many afghan troops fled to iran":    {elsewhere: true},
		"How many soldiers fled to Pakistan?":    {elsewhere: true},
		"which consulate did moscow close":       {repeated: true},
		"who won the cricket match in melbourne": {},
	} {
		f := selected(t, e, question, 5)
		if f.repeated() != want.repeated || f.elsewhere() != want.elsewhere {
			t.Errorf("%s: repeated %t, elsewhere %t", question, f.repeated(), f.elsewhere())
		}
		if want.repeated && f.Confidence < doubtful || want.elsewhere && f.Confidence > doubtful {
			t.Errorf("%s: confidence %g", question, f.Confidence)
		}
	}
}

func TestUnmentioned(t *testing.T) {
	e := seedsEngine(t)
	for question, want := range map[string]string{
		"What does Iran say about the Taliban?": "", "Who is the mayor of Lisbon?": "Lisbon", "Where is the Golden Gate Bridge?": "Golden Gate Bridge",
		"What did Rahmon order?": "", "What did Rakhmon order?": "", "Who governs Badakshan?": "", "who is the mayor of lisbon": "",
		"Who won the 2021 Tour de France?": "Tour de France", "Wann fiel Kunduz?": "",
	} {
		if question == "What does Iran say about the Taliban?" && !strings.Contains(strings.Join(bodies(t, e), " "), "Iran") {
			want = "Iran"
		}
		if got := selected(t, e, question, 5).Unmentioned(); got != want {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}

func bodies(t *testing.T, e *retrieval.Engine) []string {
	t.Helper()
	var out []string
	for _, s := range selected(t, e, "Taliban Afghanistan Tajikistan Badakhshan", 5).Ranked {
		out = append(out, s.article.Body)
	}
	return out
}

// TestMarks holds that the words that answer are marked.
func TestMarks(t *testing.T) {
	e := seedsEngine(t)
	for question, want := range map[string]string{
		"How many Afghan soldiers fled to Tajikistan?":                      "1,037",
		"How many reserve troops did the president of Tajikistan mobilise?": "20,000",
		"Who is the governor of Badakhshan?":                                "Samim",
	} {
		f := selected(t, e, question, 5)
		found := false
		for _, s := range f.Chosen {
			for _, m := range f.Marks(s) {
				if !s.span.Contains(m) || m.Len() == 0 {
					t.Fatalf("%s: mark %v outside of %v", question, m, s.span)
				}
				text := s.article.Body[m.Start:m.End]
				if n := len(strings.Fields(text)); n > maxMarkWords {
					t.Errorf("%s: a mark of %d words: %q", question, n, text)
				}
				found = found || strings.Contains(text, want)
			}
		}
		if !found {
			t.Errorf("%s: no mark holds %q", question, want)
		}
	}
}

// TestJoin holds what may be joined to a quoted sentence.
func TestJoin(t *testing.T) {
	const long = "Rain fell over the hills and the valley and the town and the river and the fields and the roads and the bridges and the woods and the lakes"
	for _, tt := range []struct {
		name, body, want string
		behind           float64
	}{
		{"next", "The bank will close. The deadline is June.", "The bank will close. The deadline is June.", .5},
		{"far behind", "The bank will close. The deadline is June.", "The bank will close.", 3},
		{"another paragraph", "The bank will close.\n\n\nThe deadline is June.", "The bank will close.", .5},
		{"too long", "The bank will close. " + long + ", " + long + ", " + long + ", " + long + ".", "The bank will close.", .5},
	} {
		set := read(t, newEngine(t, story{"a", tt.body}), "When will the bank close?")
		var ranked []*Sentence
		for i, s := range set.all {
			again := *s
			again.score = -float64(i) * tt.behind
			ranked = append(ranked, &again)
		}
		got := newJoiner(set, ranked).join(ranked[0], nil)
		if text := got.article.Body[got.span.Start:got.span.End]; text != tt.want || got.joined != (got.span != ranked[0].span) {
			t.Errorf("%s: %q", tt.name, text)
		}
		if len(ranked) > 1 && tt.behind == .5 && got.joined {
			if again := newJoiner(set, ranked).join(ranked[0], []*Sentence{ranked[1]}); again.joined {
				t.Errorf("%s: a quoted sentence was joined again", tt.name)
			}
		}
	}
}
