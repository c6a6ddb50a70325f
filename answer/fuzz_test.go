package answer

import (
	"strings"
	"testing"
	"unicode/utf8"

	"verbatim/retrieval/corpus"
)

// nasty are questions that nobody puts twice.
var nasty = []string{
	"How many Afghan soldiers fled to Tajikistan?",
	"", " ", "?", "\x00", "\xff\xfe\xfd", "\u202eevil\u202c", "\ufeffBOM", "a\u0301\u0301\u0301",
	strings.Repeat("Taliban ", 250), strings.Repeat("\"", 1999), strings.Repeat("“Faizabad ", 200),
	strings.Repeat("Zamir ", 300) + "?", strings.Repeat("в", 2000), "塔吉克斯坦有多少阿富汗士兵?", "كم عدد الجنود الأفغان؟", "Сколько солдат бежало?",
	"who who who when where why how which what", "according to", "according to according to to", "\"Taliban\" \"Taliban", "1,037 1037 1.037 20,000?",
	"What did Mohib say about “the air force” now?", "who said: \"' or 1=1; --", "../../etc/passwd", "<script>alert(1)</script> Tajikistan", "[1] (ANI) [Getty Images]",
	"LEAVE A COMMENT Your email address will not be published", "Tajikistan Flag Photo credit Reuters", "July 06 2021 03:16 PM", "3 min read",
	"🇹🇯 Tajikistan 🪖?", "ＴＡＬＩＢＡＮ Ｆａｉｚａｂａｄ", "İSTANBUL ıı ßẞ", "e\u0000mbedded", "not never n't no", "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9",
}

func TestAskNasty(t *testing.T) {
	d := seedsDesk(t)
	say := New(Options{Engine: d.engine, Threshold: 1e-300})
	answered := 0
	for _, q := range nasty {
		if strings.TrimSpace(strings.ToValidUTF8(q, "\uFFFD")) == "" {
			continue
		}
		for _, desk := range []*Answerer{d, say} {
			a, err := desk.Ask(t.Context(), Request{Question: q, AsOf: "2021-07-06"})
			if err != nil {
				t.Errorf("%q: %v", q, err)
				continue
			}
			checkAnswer(t, a)
			answered += len(a.Quotes)
		}
	}
	if answered < 20 {
		t.Errorf("only %d quotes were checked", answered)
	}
}

// FuzzAsk asks anything of the five articles: what is quoted is always in
// them, and never page furniture.
func FuzzAsk(f *testing.F) {
	d := seedsDesk(f)
	say := New(Options{Engine: d.engine, Threshold: 1e-300})
	for _, q := range nasty {
		f.Add(q, "2021-07-06", 5)
	}
	f.Add("How many fled now?", "9999-99-99", -1)
	f.Fuzz(func(t *testing.T, question, asOf string, n int) {
		for _, desk := range []*Answerer{d, say} {
			a, err := desk.Ask(t.Context(), Request{Question: question, AsOf: corpus.Date(asOf), Quotes: n})
			if err != nil {
				valid := strings.TrimSpace(strings.ToValidUTF8(question, "\uFFFD"))
				if valid != "" && utf8.RuneCountInString(valid) <= MaxQuestion {
					t.Fatalf("%q: %v", question, err)
				}
				continue
			}
			checkAnswer(t, a)
			if !utf8.ValidString(a.Text) || !utf8.ValidString(a.Question) || n > 0 && len(a.Quotes) > n {
				t.Errorf("%q: %d quotes where %d are wanted, or broken UTF-8: %q", question, len(a.Quotes), n, a.Text)
			}
		}
	})
}
