package words

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"", nil},
		{" \n.,;!?", nil},
		{"Afghan soldiers fled.", []string{"afghan", "soldiers", "fled"}},
		{"1,037 troops, 1,2 and 3.5%", []string{"1037", "troops", "1", "2", "and", "3.5"}},
		{"20,000,000 people", []string{"20000000", "people"}},
		{"The U.S. Army at 3 a.m. today.", []string{"the", "us", "army", "at", "3", "am", "today"}},
		{"Sunday’s retreats, Biden's plan", []string{"sunday", "retreats", "biden", "plan"}},
		{"I don’t know; don't ask", []string{"i", "don't", "know", "don't", "ask"}},
		{"Zürich café Łódź", []string{"zurich", "cafe", "lodz"}},
		{"Mazar-i-Sharif", []string{"mazar", "i", "sharif"}},
		{"$5 COVID-19", []string{"5", "covid", "19"}},
		{"end.Start now", []string{"end", "start", "now"}},
		{"near a\u00a0complete\u00a0withdrawal", []string{"near", "a", "complete", "withdrawal"}},
		{"習近平 said", []string{"習", "近", "平", "said"}},
		{"Эмомали Рахмон", []string{"эмомали", "рахмон"}},
		{"O'Brien's", []string{"o'brien"}},
	} {
		var got []string
		for tok := range Tokens(c.in) {
			got = append(got, tok.Text)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("Tokens(%q) (-want +got):\n%s", c.in, diff)
		}
	}
}

func TestStem(t *testing.T) {
	s := NewStemmer()
	for in, want := range map[string]string{"soldiers": "soldier", "fled": "fled", "1037": "1037", "us": "us", "эмомали": "эмомали", "running": "run"} {
		if got := s.Stem(in); got != want {
			t.Errorf("Stem(%q) = %q, want %q", in, got, want)
		}
		if got := s.Stem(in); got != want {
			t.Errorf("cached Stem(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "a.b.c", "1,000.5", "’s", "é\u0301", "\xff\xfe", "U.S.", "習"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for tok := range Tokens(s) {
			if tok.Start < last || tok.End <= tok.Start || tok.End > len(s) || tok.Text == "" && utf8.ValidString(s) && isASCII(s) {
				t.Fatalf("token %+v after %d in %q", tok, last, s)
			}
			if !utf8.RuneStart(s[tok.Start]) && utf8.ValidString(s) || tok.End < len(s) && utf8.ValidString(s) && !utf8.RuneStart(s[tok.End]) {
				t.Fatalf("token %+v splits a character of %q", tok, s)
			}
			last = tok.End
		}
	})
}

func BenchmarkTokens(b *testing.B) {
	text := "More than 1,000 Afghan security personnel fled across the border into Tajikistan on Sunday following Taliban advances in northern Afghanistan, the Tajik border guard service said. "
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		for range Tokens(text) {
		}
	}
}
