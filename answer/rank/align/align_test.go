package align

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func aligner(t testing.TB) *Aligner {
	t.Helper()
	a, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// best returns the best soft match of a question word in a text.
func best(t *testing.T, g *Group, word string, text *Text) float32 {
	t.Helper()
	for i, q := range g.Question.Tokens {
		if q.Text == word {
			out := float32(math.Inf(-1))
			for _, s := range text.Tokens {
				out = max(out, g.Soft[i][s.Index])
			}
			return out
		}
	}
	t.Fatalf("the question does not hold %q", word)
	return 0
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		question, word, sentence string
		least, most              float32
	}{
		{"Did regulators block the merger?", "regulators", "The regulators met.", 1, 1},
		{"Did regulators block the merger?", "block", "It was blocked.", .95, .95},
		{"Did regulators block the merger?", "the", "The end.", 1, 1},
		{"What did she buy?", "buy", "She will purchase a house.", .9, .9},
		{"When did they decide?", "decide", "The decision came late.", .85, .85},
		{"Who drives the car?", "car", "The vehicle stopped.", .6, .9},
		{"Who drives the car?", "car", "Wednesday.", 0, .3},
		{"Who won the superbowl?", "superbowl", "They won the Super Bowl.", .85, .85},
		{"Who won the super bowl?", "bowl", "They won the Superbowl.", .85, .85},
		{"What does Zelenskyy want?", "zelenskyy", "Zelensky spoke.", .8, .85},
		{"Who are the two?", "two", "All 2 of them.", .95, .95},
		{"Did they win?", "win", "They did lose.", 0, 1},
		{"What about Kabul?", "kabul", "", float32(math.Inf(-1)), float32(math.Inf(-1))},
	} {
		g := aligner(t).Group(test.question, []Candidate{{Sentence: test.sentence}})
		if got := best(t, g, test.word, g.Candidates[0].Sentence); got < test.least || got > test.most {
			t.Errorf("%s: %s in %q: %g, want %g to %g", test.question, test.word, test.sentence, got, test.least, test.most)
		}
	}
}

func TestQuestion(t *testing.T) {
	candidates := []Candidate{{Sentence: "The firm of Smith was sued by 3 people.", Previous: "It began.", Title: "A suit"}, {Sentence: "He met Smith."}}
	for _, test := range []struct{ question, content, names, numbers, focus string }{
		{"which law firm sued smith in 2022?", "law firm sued smith 2022", "smith", "2022", "law"},
		{"Which of them sued Jones?", "sued jones", "jones", "", "sued"},
		{"how many people sued", "people sued", "", "", "people"},
		{"what did they sue for", "sue", "", "", ""},
		{"", "", "", "", ""},
		{"???", "", "", "", ""},
	} {
		g := aligner(t).Group(test.question, candidates)
		list := func(indexes []int) string {
			var out []string
			for _, i := range indexes {
				out = append(out, g.Question.Tokens[i].Text)
			}
			return strings.Join(out, " ")
		}
		focus := ""
		if g.Focus >= 0 {
			focus = g.Question.Tokens[g.Focus].Text
		}
		if list(g.Content) != test.content || list(g.Names) != test.names || list(g.Numbers) != test.numbers || focus != test.focus {
			t.Errorf("%q: content %q, names %q, numbers %q, focus %q", test.question, list(g.Content), list(g.Names), list(g.Numbers), focus)
		}
	}
}

// TestGroup checks what a group says of its texts: indexes, shared texts, case, signs.
func TestGroup(t *testing.T) {
	g := aligner(t).Group("x", []Candidate{
		{Sentence: "He paid $8, or 5%. “Go,” said NATO.", Next: "Is it so?"},
		{Sentence: "Is it so?", Previous: "He paid $8, or 5%. “Go,” said NATO."},
	})
	if g.Candidates[0].Sentence != g.Candidates[1].Previous || g.Candidates[0].Next != g.Candidates[1].Sentence {
		t.Error("equal texts were read twice")
	}
	var got []string
	for _, tok := range g.Candidates[0].Sentence.Tokens {
		if g.Words[tok.Index] != tok.Word {
			t.Errorf("%s has index %d", tok.Text, tok.Index)
		}
		mark := [...]string{"", "^", "*"}[tok.Case]
		if tok.Money {
			mark += "$"
		}
		if tok.Percent {
			mark += "%"
		}
		got = append(got, tok.Text+mark)
	}
	if want := strings.Fields("he^ paid 8$ or 5% go^ said nato*"); !slices.Equal(got, want) {
		t.Errorf("tokens %q, want %q", got, want)
	}
	if s, n := g.Candidates[0].Sentence, g.Candidates[0].Next; !s.Quoted || s.Question || n.Quoted || !n.Question {
		t.Error("quotation or question marks were not seen")
	}
	for j, w := range g.Words {
		v := g.Vector(j)
		if length := math.Sqrt(float64(dot(v, v))); math.Abs(length-1) > 1e-4 && !(length == 0 && w.Rank < 0) {
			t.Errorf("the vector of %s has length %g", w.Text, length)
		}
	}
}

func TestClasses(t *testing.T) {
	for word, want := range map[string]Class{
		"who": Asking | Function, "would": Function, "because": Function | Reason, "twelve": Number, "1999": Number | Calendar, "37": Number,
		"tuesday": Calendar, "miles": Unit, "president": Person, "french": Place, "glacier": 0, "never": Negation, "she": Function | Pronoun,
	} {
		if got := aligner(t).newWord(word).Class; got != want {
			t.Errorf("%s: class %b, want %b", word, got, want)
		}
	}
	if w := aligner(t).newWord("announced"); !w.Is(Saying) || w.Lemma != "announce" {
		t.Errorf("announced: %+v", w)
	}
}

func TestWithinOneEdit(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"spotify", "spotifiy", true}, {"kahn", "khan", true}, {"kahn", "kann", true}, {"same", "same", true},
		{"abcd", "abdce", false}, {"", "a", true}, {"ab", "cd", false}, {"abc", "a", false},
	} {
		if got := withinOneEdit(test.a, test.b); got != test.want || withinOneEdit(test.b, test.a) != got {
			t.Errorf("%s, %s: %t", test.a, test.b, got)
		}
	}
}

// BenchmarkGroup aligns a question with 90 sentences of 22 words.
func BenchmarkGroup(b *testing.B) {
	list := strings.Fields("regulators blocked the proposed merger because airlines in New York competed and passengers complained about " +
		"higher prices while workers feared that jobs would be lost after Tuesday’s ruling by Judge William Young said analysts of the industry")
	var sentences []string
	for i := range 90 {
		var s []string
		for k := range 22 {
			s = append(s, list[(i*7+k*5)%len(list)])
			if (i+k)%2 == 0 {
				s[k] += string(rune('a'+i%26)) + string(rune('a'+k))
			}
		}
		sentences = append(sentences, strings.Join(s, " "))
	}
	var candidates []Candidate
	for i, s := range sentences {
		candidates = append(candidates, Candidate{s, sentences[(i+89)%90], sentences[(i+1)%90], "Airlines may not merge"})
	}
	a := aligner(b)
	b.ReportAllocs()
	for b.Loop() {
		a.Group("Why did the court stop JetBlue from taking over Spirit Airlines?", candidates)
	}
}
