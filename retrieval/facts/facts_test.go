package facts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"verbatim/retrieval/words"
)

func read(text string) *Facts { return Read(words.NewVocabulary(nil).View(text)) }

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // "figure: value unit/per bound counts kinds"
	}{
		{"More than 1,000 Afghan soldiers fled.", []string{"1,000: 1000 more [Afghan soldiers fled] number"}},
		{"Some 300 people", []string{"300: 300 about [people] number"}},
		{"nearly $5.5 million", []string{"5.5 million: 5.5e+06 dollar nearly number money"}},
		{"It rose 3.2% to £20bn.", []string{"3.2: 3.2 percent number percent", "20bn: 2e+10 pound number measure money"}},
		{"twenty-five dollars a day", []string{"twenty-five dollars: 25 dollar/day number money"}},
		{"60 miles per hour", []string{"60 miles: 60 mile/hour number measure"}},
		{"two soldiers a year", []string{"two: 2 [soldiers] number"}},
		{"at least a dozen children", []string{"dozen: 12 more [children] number"}},
		{"a hundred or so", []string{"hundred: 100 about number"}},
		{"hundreds of people", []string{"hundreds: ~hundreds number"}},
		{"between 10 and 15 troops", []string{"10: 10-15 [troops] number", "15: 15 [troops] number"}},
		{"10 to 15 percent of them", []string{"10: 10-15 percent number percent", "15 percent: 15 percent number percent"}},
		{"the third time in two decades", []string{"third: 3 th ordinal", "two decades: 20 year number duration"}},
		{"the 21st century, the twenty-first", []string{"21st: 21 th ordinal", "twenty-first: 21 th ordinal"}},
		{"one of them, but one man died", []string{"one: 1 [man died] number"}},
		{"half of the army", []string{"half: 0.5 number percent"}},
		{"The 54-year-old, aged 54 years", []string{"54-year: 54 year number duration age", "54 years: 54 year number duration age"}},
		{"in 2015", []string{"2015: 2015 year"}},
		{"at 3 p.m.", []string{"3: 3 clock"}},
		{"no more than 10", []string{"10: 10 less number"}},
		{"no fewer than 10", []string{"10: 10 more number"}},
		{"18 or older", []string{"18: 18 more number"}},
		{"no figures here", nil},
	} {
		f := read(c.text)
		var got []string
		for _, n := range f.Figures {
			got = append(got, describe(f, n))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func describe(f *Facts, n Figure) string {
	s := f.Span(n.From, n.To) + ": "
	if n.Vague != "" {
		s += "~" + n.Vague
	} else {
		s += fmt.Sprint(n.Value)
	}
	if n.High != 0 {
		s += fmt.Sprint("-", n.High)
	}
	if n.Unit != "" {
		s += " " + n.Unit
	}
	if n.Per != "" {
		s += "/" + n.Per
	}
	s += [...]string{"", " more", " less", " nearly", " about"}[n.Bound]
	if n.Ordinal {
		s += " th"
	}
	if n.Counts.Len() > 0 {
		s += " [" + f.Span(n.Counts.From, n.Counts.To) + "]"
	}
	return s + kinds(n.Kind)
}

func kinds(k Kind) string {
	s := ""
	for i, name := range strings.Fields("number measure money percent duration age ordinal superlative date weekday year clock name person place organisation nationality reason maybe speech negation doubt") {
		if k&(1<<i) != 0 && name != "name" {
			s += " " + name
		}
	}
	return s
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Date
	}{
		{"On Sunday, July 4, 2021,", []Date{{Weekday: 1}, {Year: 2021, Month: 7, Day: 4}}},
		{"the 4th of July", []Date{{Month: 7, Day: 4}}},
		{"Sept. 11, 2001", []Date{{Year: 2001, Month: 9, Day: 11}}},
		{"They may go. May they? In May it was.", []Date{{Month: 5}}},
		{"March 2020; they march", []Date{{Year: 2020, Month: 3}}},
		{"2021-07-04 and 2021-13-40", []Date{{Year: 2021, Month: 7, Day: 4}}},
		{"yesterday and today", []Date{{Relative: true, Days: -1}, {Relative: true}}},
		{"31 of 40 days", nil},
		{"On Black Friday and on Friday", []Date{{Weekday: 6}}},
	} {
		f := read(c.text)
		var got []Date
		for _, d := range f.Dates {
			d.From, d.To = 0, 0
			got = append(got, d)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // "name: kinds [title]", with a ? if not sure
	}{
		{"Afghan President Ashraf Ghani said so.", []string{"Afghan: nationality", "Ashraf Ghani: person [Afghan President]"}},
		{"Ahmad Bashir Samim, Badakhshan governor, denied it.", []string{"Ahmad Bashir Samim: person [Badakhshan governor]", "Badakhshan: place"}},
		{"They fled into Tajikistan on Sunday.", []string{"Tajikistan: place"}},
		{"The New York Times reported from New York City.", []string{"New York Times: organisation", "New York City: place"}},
		{"the Ministry of Foreign Affairs and NATO", []string{"Ministry of Foreign Affairs: organisation", "NATO: organisation"}},
		{"in Badakhshan province and in Kishim", []string{"Badakhshan: place", "Kishim: place?"}},
		{"spokesman Zabihullah Mujahid", []string{"Zabihullah Mujahid: person [spokesman]"}},
		{"Russia’s Vladimir Putin met Xi Jinping.", []string{"Russia: place", "Vladimir Putin: person", "Xi Jinping: person"}},
		{"“It fell,” said Mohammad Musa.", []string{"Mohammad Musa: person"}},
		{"Frobenius said it was over.", []string{"Frobenius: person"}},
		{"Reuters said it was over.", []string{"Reuters: organisation"}},
		{"Officials fled. Nothing is left.", nil},
		{"the US and the WHO", []string{"US: place", "WHO: organisation"}},
		{"Mount Everest", []string{"Mount Everest: place"}},
		{"Japanese Prime Minister Fumio Kishida left.", []string{"Japanese: nationality", "Fumio Kishida: person [Japanese Prime Minister]"}},
		{"The Archbishop of Canterbury, Justin Welby, came.", []string{"Canterbury:", "Justin Welby: person"}},
		{"Federal funding rose. Macron failed in his bid.", []string{"Macron: person?"}},
		{"Hurricane Katrina hit Texas Tech.", []string{"Hurricane Katrina:", "Texas Tech:"}},
		{"Grant Wahl, 49, died.", []string{"Grant Wahl: person"}},
		{"the Lakers beat Golden State", []string{"Lakers:", "Golden State: place"}},
	} {
		f := read(c.text)
		var got []string
		for _, n := range f.Names {
			s := f.Span(n.From, n.To) + ":" + kinds(n.Kind)
			if !n.Sure && n.Kind != KindName {
				s += "?"
			}
			if n.Title.Len() > 0 {
				s += " [" + f.Span(n.Title.From, n.Title.To) + "]"
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestClaims(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // "speaker | said"
	}{
		{"The Tajik border service said that troops had fled.", []string{"The Tajik border service | that troops had fled"}},
		{"Troops fled to Tajikistan, the border service said.", []string{"the border service | Troops fled to Tajikistan"}},
		{"“Troops fled to Tajikistan,” said Mohammad Musa, a soldier.", []string{"Mohammad Musa | Troops fled to Tajikistan"}},
		{"According to Reuters, troops fled.", []string{"Reuters | According to Reuters, troops fled"}},
		{"Troops reportedly fled.", []string{" | Troops reportedly fled"}},
		{"He was said to be in Kabul.", []string{" | He was said to be in Kabul"}},
		{"The mayor, Ann Lee, told Reuters that it was over.", []string{"The mayor, Ann Lee | Reuters that it was over"}},
		{"Ann Lee, founder of Block, heir and friend, has also said that it fell.", []string{"Ann Lee, founder of Block, heir and friend | that it fell"}},
		{"Joni Ernst, a member of the leadership, also told CNN that it fell.", []string{"Joni Ernst, a member of the leadership | CNN that it fell"}},
		{"Nineteen states have legalized it.", nil},
		{"Ann Lee said he thinks that it fell.", []string{"Ann Lee | he thinks that it fell", "he | that it fell"}},
		{"Troops fled to Tajikistan.", nil},
		{"He told them to go.", nil},
		{"the reports", nil},
	} {
		f := read(c.text)
		var got []string
		for _, claim := range f.Claims() {
			got = append(got, f.Span(claim.Speaker.From, claim.Speaker.To)+" | "+f.Span(claim.Said.From, claim.Said.To))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestDenials(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string // "negator: scope"
	}{
		{"The army did not leave Kabul.", []string{"not: leave Kabul"}},
		{"It is not without reason.", nil},
		{"No fewer than ten left.", nil},
		{"They denied the report, and troops left.", []string{"denied: report"}},
		{"There is no evidence that troops left.", []string{"no: evidence, that: troops left"}},
		{"They left before reaching Kabul.", []string{"before: reaching Kabul"}},
	} {
		f := read(c.text)
		var got []string
		for _, d := range f.Denials() {
			s := f.Raw(d.At) + ":"
			for _, i := range d.After {
				s += " " + f.Raw(i)
			}
			if len(d.That) > 0 {
				s += ", that:"
			}
			for _, i := range d.That {
				s += " " + f.Raw(i)
			}
			got = append(got, s)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		text      string
		have, not Kind
	}{
		{"They fled because of the fighting.", KindReason, KindMaybeReason | KindNumber},
		{"They fled after the fighting.", KindMaybeReason, KindReason},
		{"They fled as a result of it.", KindReason, KindNegation},
		{"The largest army could leave.", KindSuperlative | KindDoubt, KindSpeech},
		{"At least they said so.", KindSpeech, KindSuperlative},
		{"He didn’t go in May.", KindNegation | KindDate, KindYear | KindDoubt},
		{"The reports came on Monday.", KindWeekday | KindDate, KindSpeech},
	} {
		f := read(c.text)
		if f.Kinds&c.have != c.have || f.Has(c.not) {
			t.Errorf("%q has%s; want%s and not%s", c.text, kinds(f.Kinds), kinds(c.have), kinds(c.not))
		}
	}
}

func TestFind(t *testing.T) {
	f := read("Ashraf Ghani left Kabul because 300 men came.")
	var got []string
	for fact := range f.Find(KindPlace | KindReason) {
		got = append(got, f.Span(fact.From, fact.To))
	}
	if diff := cmp.Diff([]string{"Kabul", "because"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range f.Find(KindMoney) {
		t.Error("found money where there is none")
	}
}

// TestReader holds a Reader that is used again to what Read says.
func TestReader(t *testing.T) {
	var r Reader
	vocabulary := words.NewVocabulary(nil)
	for _, text := range []string{"“No,” said Ann Lee. She left in 2015.", "", "Ten men, 20 women and “hundreds” of others fled Kabul on July 4."} {
		got, want := r.Read(vocabulary.View(text)), Read(vocabulary.View(text))
		if diff := cmp.Diff(want.List, got.List, cmpopts.EquateEmpty()); diff != "" || got.Kinds != want.Kinds || len(got.Claims()) != len(want.Claims()) || len(got.Clauses()) != len(want.Clauses()) {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "a 1,000", "“", "one one one", "May 4", "$ 5 %", "according to", "said", "no", "2021-07-04", "\xff Mr.", "half a", "’s A’s"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		facts := read(s)
		for _, fact := range facts.List {
			if fact.From < 0 || fact.From >= fact.To || fact.To > len(facts.Tokens) {
				t.Fatalf("fact %+v of %d tokens in %q", fact, len(facts.Tokens), s)
			}
		}
		for _, n := range facts.Names {
			if n.Title.From < 0 || n.Title.To > len(facts.Tokens) || n.Title.Len() < 0 {
				t.Fatalf("name %+v in %q", n, s)
			}
		}
		for _, c := range facts.Claims() {
			if r := c.Said; r.From < 0 || r.To > len(facts.Tokens) || c.Speaker.To > len(facts.Tokens) {
				t.Fatalf("claim %+v in %q", c, s)
			}
		}
		facts.Denials()
		end := 0
		for _, c := range facts.Clauses() {
			if c.From != end {
				t.Fatalf("clause %+v after %d in %q", c, end, s)
			}
			end = c.To
		}
	})
}

const sample = "More than 1,000 Afghan security personnel fled across the border into Tajikistan on Sunday following Taliban advances in northern Afghanistan, the Tajik border guard service said."

func BenchmarkRead(b *testing.B) {
	vocabulary := words.NewVocabulary(words.NewStemmer())
	v := vocabulary.View(sample)
	var r Reader
	b.ReportAllocs()
	for b.Loop() {
		r.Read(v)
	}
}

func BenchmarkView(b *testing.B) {
	vocabulary := words.NewVocabulary(words.NewStemmer())
	var toks []words.Token
	b.ReportAllocs()
	for b.Loop() {
		toks = vocabulary.AppendTokens(toks[:0], sample)
	}
}
