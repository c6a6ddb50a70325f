package query

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"verbatim/retrieval/words"
)

func TestParseKind(t *testing.T) {
	for _, tt := range []struct {
		question string
		kind     Kind
		typ      string // the words that name what is asked for
	}{
		{"Who is the governor of Badakhshan?", KindWho, ""},
		{"Whose soldiers fled?", KindWho, ""},
		{"To whom did Ghani speak?", KindWho, ""},
		{"When did the Taliban take Imam Sahib?", KindWhen, ""},
		{"Where did the soldiers flee to?", KindWhere, ""},
		{"Why did Moscow close its consulate?", KindWhy, ""},
		{"How did Tajikistan respond?", KindHow, ""},
		{"How many Afghan soldiers fled to Tajikistan?", KindHowMany, "afghan soldiers"},
		{"How much money was lost?", KindHowMany, "money"},
		{"How long is the border?", KindHowMany, ""},
		{"What percentage of the border is under control?", KindHowMany, "percentage"},
		{"What number of troops fled?", KindHowMany, "number"},
		{"What year did the war begin?", KindWhen, "year"},
		{"Which country borders Badakhshan?", KindWhere, "country borders badakhshan"},
		{"Which minister commands Bagram?", KindWho, "minister commands bagram"},
		{"What was the reason for it?", KindWhy, "reason"},
		{"What caused the flood?", KindWhy, ""},
		{"Which automaker recalled cars?", KindWhich, "automaker"},
		{"Which decorated gymnast won?", KindWho, "decorated gymnast"},
		{"Which country singer has died?", KindWho, "country singer"},
		{"Which public figure has been charged?", KindWho, "public figure"},
		{"What happened in Kunduz?", KindWhat, ""},
		{"What breed of dog won?", KindWhich, "breed dog"},
		{"What armed group attacked?", KindWhich, "armed"},
		{"Which Star Wars film won?", KindWhich, "star wars film"},
		{"Which pop star won?", KindWho, "pop star"},
		{"How many, how much?", KindHowMany, ""},
		{"What did Mohib say about the air force?", KindSaid, ""},
		{"What has the ministry announced?", KindSaid, ""},
		{"What is in Faizabad?", KindWhat, ""},
		{"Did the Taliban take Faizabad?", KindYesNo, ""},
		{"Is Bagram empty?", KindYesNo, ""},
		{"How do the outlets differ on the number?", KindCompare, ""},
		{"How do the newspapers describe the flight?", KindCompare, ""},
		{"compare the reports on Badakhshan", KindCompare, ""},
		{"Afghan soldiers Tajikistan", KindWhat, ""},
		{"", KindWhat, ""},
		{"?!", KindWhat, ""},
		{"who", KindWho, ""},
		{"how", KindHow, ""},
		{"what", KindWhat, ""},
		{"which", KindWhich, ""},
		{"The film won an Oscar. Who directed it?", KindWho, ""},
		{"After the flood of 2019, how many people left the town where it began?", KindHowMany, "people"},
		{"塔吉克斯坦有多少阿富汗士兵?", KindWhat, ""},
	} {
		q := Parse(tt.question, "2021-07-06")
		if q.Kind != tt.kind {
			t.Errorf("%q asks %q, want %q", tt.question, q.Kind, tt.kind)
		}
		if got := strings.Join(q.Type, " "); tt.typ != "" && !strings.HasPrefix(got+" ", tt.typ+" ") {
			t.Errorf("%q asks for %q, want %q", tt.question, got, tt.typ)
		}
	}
}

func TestParseParts(t *testing.T) {
	type parts struct {
		Terms, Names, Figures, Phrases []string
		Cited                          string
		Now, Latest, Negated           bool
	}
	for _, tt := range []struct {
		question string
		want     parts
	}{
		{"Where did Afghan soldiers who fled to Tajikistan go?", parts{Terms: []string{"afghan*", "soldiers", "fled", "tajikistan*", "go"}, Names: []string{"afghan", "tajikistan"}}},
		{"Who is Ahmad Bashir Samim?", parts{Terms: []string{"ahmad*", "bashir*", "samim*"}, Names: []string{"ahmad bashir samim"}}},
		{"Did Emomali Rakhmon's office call Ashraf Ghani?", parts{Terms: []string{"emomali*", "rakhmon*", "office", "call", "ashraf*", "ghani*"},
			Names: []string{"emomali rakhmon", "ashraf ghani"}}},
		{"Did 1,037 or 1037 flee on July 4, 2021?", parts{Terms: []string{"1037", "flee", "july*", "4", "2021"}, Names: []string{"july"},
			Figures: []string{"1037", "1037", "4", "2021"}}},
		{"soldiers soldier SOLDIER'S soldiers’", parts{Terms: []string{"soldiers"}, Names: []string{"soldier"}}},
		{`What is the "red line" of “major cities” and "Kabul"?`, parts{Terms: []string{"red", "line", "major", "cities", "kabul*"}, Names: []string{"kabul"}, Phrases: []string{"red line", "major citi"}}},
		{"Who fled, according to the border guard service?", parts{Terms: []string{"fled", "border", "guard", "service"}, Cited: "border guard service"}},
		{"Is it true according to CNN", parts{Terms: []string{"cnn*"}, Names: []string{"cnn"}, Cited: "cnn"}},
		{"What is the situation now?", parts{Terms: []string{"situation"}, Now: true, Latest: true}},
		{"What happened this week?", parts{Terms: []string{"happened", "week"}, Now: true}},
		{"What happened in a week?", parts{Terms: []string{"happened", "week"}}},
		{"the latest news", parts{Terms: []string{"latest", "news"}, Now: true, Latest: true}},
		{"Who did not flee?", parts{Terms: []string{"flee"}, Negated: true}},
		{"Who didn’t flee?", parts{Terms: []string{"flee"}, Negated: true}},
		{"is it the of and", parts{}},
		{"😀", parts{}},
		{"ÉCOLE école Ecole", parts{Terms: []string{"ecole*"}, Names: []string{"ecole", "ecole"}}},
		{"Таджикистан солдаты", parts{Terms: []string{"таджикистан*", "солдаты"}, Names: []string{"таджикистан"}}},
		{"東京", parts{Terms: []string{"東", "京"}}},
	} {
		q := Parse(tt.question, "2021-07-06")
		got := parts{Figures: q.Figures, Cited: q.Cited, Now: q.Now, Latest: q.Latest, Negated: q.Negated}
		for _, x := range q.Terms {
			if x.Name {
				x.Text += "*"
			}
			got.Terms = append(got.Terms, x.Text)
		}
		for _, n := range q.Names {
			got.Names = append(got.Names, strings.Join(n, " "))
		}
		for _, p := range q.Phrases {
			got.Phrases = append(got.Phrases, strings.Join(p, " "))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.question, diff)
		}
	}
}

func TestParseLimits(t *testing.T) {
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "w%d ", i)
	}
	q := Parse(b.String(), "")
	if len(q.Terms) != maxTerms {
		t.Errorf("%d terms, want %d", len(q.Terms), maxTerms)
	}
	if !q.Has("w399") || q.Has("w400") {
		t.Error("the question does not know its own words")
	}
	for _, text := range []string{strings.Repeat("Zamir ", 333), strings.Repeat("\"", 2000), strings.Repeat("who ", 500), strings.Repeat("ё", 2000), strings.Repeat("“a b” ", 333)} {
		Parse(text, "2021-07-06")
	}
}

func TestHas(t *testing.T) {
	q := Parse("How many Soldiers fled in 2,021?", "")
	for word, want := range map[string]bool{"soldiers": true, "soldier": true, "fled": true, "2021": true, "many": true, "Soldiers": false, "troops": false, "": false} {
		if q.Has(word) != want {
			t.Errorf("has %q: %v", word, !want)
		}
	}
}

func TestStateOfWords(t *testing.T) {
	m := NewMatcher(Parse("How many soldiers fled?", ""), TermStats{}, nil, nil)
	v := m.View("The soldier and many others fled to a dam.")
	for i, want := range []struct{ known, asked, fresh bool }{
		{}, {known: true, asked: true}, {}, {known: true, asked: true}, {fresh: true}, {known: true, asked: true}, {}, {}, {fresh: true},
	} {
		w := v.Tokens[i].Word
		if m.Known(w) != want.known || m.Asked(w) != want.asked || m.Fresh(w) != want.fresh {
			t.Errorf("%q: known %v, asked %v, fresh %v", w.Text, m.Known(w), m.Asked(w), m.Fresh(w))
		}
	}
}

func TestView(t *testing.T) {
	text := "The U.S. sent 1,037 Éclair men — Zürich’s."
	var got []string
	for _, tok := range words.NewVocabulary(nil).View(text).Tokens {
		got = append(got, fmt.Sprintf("%s=%s %v", text[tok.Start:tok.End], tok.Text, tok.Cap))
	}
	want := []string{"The=the true", "U.S=us true", "sent=sent false", "1,037=1037 false", "Éclair=eclair true", "men=men false", "Zürich=zurich true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestInstances(t *testing.T) {
	for _, typ := range []string{"country", "automaker", "drink"} {
		if len(instances()[typ]) < 3 || slices.Contains(instances()[typ], typ) {
			t.Errorf("instances of %s: %q", typ, instances()[typ])
		}
	}
	if got := instances()["governor"]; got != nil {
		t.Errorf("instances of governor: %q", got)
	}
}

// match reads text with a question of which every word is as rare.
func match(question, text string) Match {
	q := Parse(question, "2021-07-06")
	stats := TermStats{Passages: 100, Frequency: map[string]int{}}
	for _, x := range q.Terms {
		stats.Frequency[x.Stem] = 5
	}
	a := NewMatcher(q, stats, nil, nil)
	return a.Match(a.View(text))
}

func TestMatch(t *testing.T) {
	const question = "How many Afghan soldiers fled in 2021?"
	for _, tt := range []struct {
		name, text string
		check      func(m Match) bool
	}{
		{"inflected and in another case", "An AFGHAN soldier", func(m Match) bool { return m.Coverage > 0 && m.Coverage < .6 && m.Figures == 0 && m.Names == 1 }},
		{"in two sentences", "Soldiers came. They fled.", func(m Match) bool { return m.Best < m.Coverage }},
		{"nothing", "The dam broke.", func(m Match) bool { return m.Coverage == 0 && m.Best == 0 && m.Names == 0 && m.Bigrams == 0 }},
		{"a new figure", "Some 1,037 soldiers", func(m Match) bool { return m.NewFigs == 1 && m.Counted == 1 && m.TypeWord }},
		{"a figure in letters", "Some ten soldiers", func(m Match) bool { return m.NewFigs == 1 && m.Counted == 1 }},
		{"the question's own figure is not new", "In 2021 soldiers fled", func(m Match) bool { return m.NewFigs == 0 && m.Counted == 0 }},
		{"names", "On Monday Hamdullah Mohib spoke", func(m Match) bool { return m.NewNames == 3 && m.Dates == 1 && m.Sayings == 0 }},
		{"empty", "", func(m Match) bool { return m == Match{} }},
	} {
		if m := match(question, tt.text); !tt.check(m) {
			t.Errorf("%s: %q matches %+v", tt.name, tt.text, m)
		}
	}
	m := match("Afghan soldiers fled in 2021", "Afghan soldiers fled, in 2021.")
	if m.Coverage < .999 || m.Best < .999 || m.Rare < .999 || m.Figures != 1 || m.Names != 1 || m.Bigrams != 1 || m.NewFigs+m.NewNames != 0 {
		t.Errorf("a question matches itself: %+v", m)
	}
	if m := match("Who is the governor?", "Yesterday Ahmad Bashir Samim, governor, said so."); !m.Beside {
		t.Errorf("a name beside its role: %+v", m)
	}
	if m := match("", "Afghan soldiers fled"); m.Coverage != 0 || m.Rare != 0 {
		t.Errorf("a match of nothing: %+v", m)
	}
}

func TestIdf(t *testing.T) {
	s := TermStats{Passages: 1000, Frequency: map[string]int{"rare": 1, "common": 900, "all": 1000}}
	if !(s.Idf("unknown") > s.Idf("rare") && s.Idf("rare") > s.Idf("common") && s.Idf("common") > s.Idf("all") && s.Idf("all") >= 0) {
		t.Errorf("unknown %g, rare %g, common %g, all %g", s.Idf("unknown"), s.Idf("rare"), s.Idf("common"), s.Idf("all"))
	}
	if v := (TermStats{}).Idf("x"); !(v >= 0) {
		t.Errorf("of no passages: %g", v)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"Who said “a b” now?", "1,037 1.5 U.S.", "according to to the a", "\xff\x00", "\"", "“„«»”", "ﬁ ǅ İ ß ſ", "how many number", "東京 كم"} {
		f.Add(s, "Some 1,037 men said “a b”, according to Ghani.")
	}
	f.Fuzz(func(t *testing.T, text, passage string) {
		q := Parse(text, "2021-07-06")
		seen := map[string]bool{}
		for i, x := range q.Terms {
			if x.Stem == "" || seen[x.Stem] || q.term(x.Stem) != i || !q.Has(x.Text) {
				t.Errorf("%q: term %d is %+v", text, i, x)
			}
			seen[x.Stem] = true
		}
		if len(q.Terms) > maxTerms {
			t.Errorf("%d terms", len(q.Terms))
		}
		for _, tok := range words.NewVocabulary(nil).View(text).Tokens {
			if tok.Start >= tok.End || tok.Text == "" || utf8.ValidString(text) && !utf8.ValidString(tok.Text) {
				t.Errorf("%q: token %+v of %+v", text, tok, tok.Word)
			}
		}
		a := NewMatcher(q, TermStats{Passages: 10, Frequency: map[string]int{}}, nil, nil)
		m := a.Match(a.View(passage))
		for name, v := range map[string]float64{"coverage": m.Coverage, "best": m.Best, "rare": m.Rare, "bigrams": m.Bigrams, "figures": m.Figures, "names": m.Names, "counted": m.Counted} {
			if !(v >= 0 && v <= 1+1e-9) {
				t.Errorf("%q over %q: %s is %g", text, passage, name, v)
			}
		}
		if full := a.Match(a.View(text)); len(q.Terms) > 0 && len(q.Terms) < maxTerms && full.Coverage < .999 {
			t.Errorf("%q covers %g of itself", text, full.Coverage)
		}
	})
}
