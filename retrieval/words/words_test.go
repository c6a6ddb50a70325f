package words

import (
	"strings"
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
		{"O'Brien's", []string{"obrien"}},
		{"Oʼahu, O'ahu, O‘ahu, Oʻahu and Oahu", []string{"oahu", "oahu", "oahu", "oahu", "and", "oahu"}},
		{"ʿUmar of Saʿda and Sa'da", []string{"umar", "of", "sada", "and", "sada"}},
		{"He didnʼt; it's 5 oʼclock", []string{"he", "didn't", "it", "5", "o'clock"}},
		{"Novak’s, Novakʼs", []string{"novak", "novak"}},
		{"Đoković, Weißbier, Ærø, Þórir, Łódź", []string{"dokovic", "weissbier", "aero", "thorir", "lodz"}},
		{"a gov-\nernment and a gov\u00ad\r\n  ernment of North-\nRhine", []string{"a", "government", "and", "a", "government", "of", "north", "rhine"}},
		{"1\u202f037 and 12\u00a0000\u00a0000 but 2021\u00a0500", []string{"1037", "and", "12000000", "but", "2021", "500"}},
		{"na\u00adtion\u200bal co‐op", []string{"national", "co", "op"}},
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

// What looks alike folds to the same text, and its span is that of the bytes.
func TestFoldAlike(t *testing.T) {
	for _, c := range []struct{ text, words, want string }{
		{"They said that well‑being matters.", "Well-being Matters", "well‑being matters"},
		{"Ida Kern — mayor", "kern - mayor", "Kern — mayor"},
		{"Jose\u0301 Nu\u0301n\u0303ez left", "josé núñez", "Jose\u0301 Nu\u0301n\u0303ez"},
		{"na\u00adtion\u00adal ra\u00addio was off", "national radio", "na\u00adtion\u00adal ra\u00addio"},
		{"It rained… The dam held", "rained... the dam", "rained… The dam"},
		{"It rained . . . the dam held", "rained ... the", "rained . . . the"},
		{"the oﬃce of O’Hara", "office of o'hara", "oﬃce of O’Hara"},
		{"the “old”\n  dam", "\"old\" dam", "“old”\n  dam"},
		{"the recon-\nstruction of it", "reconstruction of", "recon-\nstruction of"},
		{"Keʻanae", "ke'anae", "Keʻanae"},
		{"Straße", "STRASSE", "Straße"},
	} {
		f := FoldAlike(c.text, false)
		w := FoldAlike(c.words, false)
		at := strings.Index(f.Text, w.Text)
		if at < 0 {
			t.Errorf("%q is not found in %q", w.Text, f.Text)
			continue
		}
		if r := f.Span(at, at+len(w.Text)); c.text[r.Start:r.End] != c.want {
			t.Errorf("%q stands at %q, want %q", c.words, c.text[r.Start:r.End], c.want)
		}
	}
	if got := FoldAlike("a well-\nknown name", true).Text; got != "a well-known name" {
		t.Errorf("with hyphens: %q", got)
	}
	if FoldAlike("résumé", false).Text == FoldAlike("resume", false).Text {
		t.Error("an accent is folded away")
	}
}

func FuzzFoldAlike(f *testing.F) {
	f.Add("re-\n\u00adx . . ﬃ é")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		a := FoldAlike(s, false)
		for i := range len(a.Text) {
			if r := a.Span(i, i+1); r.Start < 0 || r.End > len(s) || r.Start >= r.End || !utf8.RuneStart(s[r.Start]) {
				t.Fatalf("byte %d of %q came from %v of %q", i, a.Text, r, s)
			}
		}
	})
}
