package words

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestSentences(t *testing.T) {
	long := strings.Repeat("and then another word ", 12)
	tests := []struct {
		name string
		text string // sentences are separated by "|"
	}{
		{"plain", "One came.| Two went!| Did three stay?| Yes."},
		{"titles", "Mr. Smith met Gen. Kohistani and Dr. Who.| He left."},
		{"initials", "J. K. Rowling and George W. Bush spoke.| They left."},
		{"acronyms", "The U.S. Army left.| He lives in the U.S.| The army left."},
		{"companies", "Apple Inc. said so.| It was Apple Inc.| The company fell.| Acme Corp. Chairman Li left."},
		{"months", "On Jan. 5 it rained.| It was Aug. 30 then."},
		{"numbers", "See No. 5 and p. 12.| It grew 1.5 percent to 2.75."},
		{"figures start", "He left in 2019.| 20 people died.| $5 was lost."},
		{"clock", "At 5 p.m. Monday it fell.| At 6 a.m. ET it rose.| It was 9 p.m.| Police came."},
		{"ellipsis", "It was... odd.| Then it stopped…| Nobody knew.|\nThe (US) retrograde... (that put) pressure on him"},
		{"quotation", "‘There is war, there is pressure. Sometimes things are working our way. Sometimes they don't, but we will continue to defend the Afghan people,’ National Security Adviser Hamdullah Mohib told reporters."},
		{"straight single", "'There is war. We go on,' he said.| 'It ends,' he added."},
		{"double", "“It rains. It pours,” she said on Monday.| “It is over.”| Nobody heard."},
		{"straight double", `She said: "It rains. It pours."| Then she left.`},
		{"quotation then text", "He did not know the number. |“The Taliban cut off all the roads,” he told Reuters on Monday."},
		{"unclosed", "‘We had glitches, he said.| Nobody listened."},
		{"mixed marks", "provinces were a \"red line”.| He said that forces would \"thwart such attempts\"."},
		{"long quotation", "“It " + long + "ended. |And so it " + long + "went,” he said."},
		{"attribution", "“Are you mad?” Smith said.| “We won!” he said.| “We won!” |The crowd said nothing at all about it that day."},
		{"apostrophes", "The insurgents' advance went on.| The people's mood fell.| It's over."},
		{"space missing", "The road was closed.|The minister said so.| See example.com or Node.Js today."},
		{"space missing after quotation", "“It is over.”|The crowd left."},
		{"addresses", "See https://example.com/?Q=Who and a.b@example.com now.| Done."},
		{"brackets", "He left (in May.)| She stayed.| It ended. |(ANI)"},
		{"list", "1. Go home.| 2. Stay there."},
		{"brand", "He likes it.| iPhone sales rose."},
		{"abbreviation then lower", "It is approx. five, i.e. more than e.g. Three."},
		{"blank line", "No full stop here|\n\nand here it goes on."},
		{"line break", "A headline|\nThe text begins."},
		{"wrapped", "The first line of the sentence\ngoes on here.| And ends."},
		{"wrapped names", "The president of the republic went to the old capital\nand met the governor of the province of Badakhshan in\nFaizabad before he flew back to the seat of government\nin Kabul."},
		{"cr", "One came.|\r\rTwo went.|\rThree\rstayed.|\rSee http://a.example/b"},
		{"crlf", "One came.|\r\n\r\nTwo went.|\r\nThree\r\nstayed."},
		{"nbsp", "A plan to withdraw\u00a0all troops.|\u00a0It is not possible to verify.\u00a0"},
		{"chinese", "他来了。|她走了！|为什么？"},
		{"hindi", "वह आया।|वह गया।"},
		{"arabic", "هل جاء؟|نعم جاء."},
		{"french", "« Tu viens ? » dit-il.| Oui."},
		{"spanish", "¿Vienes?| ¡No!| Vale."},
		{"note marks", "The dam was shut on 3 May.[1]| It had leaked.[2][3]| It opened again.[citation needed]| “It holds.”¹| Boats passed."},
		{"spaced ellipsis", "He called the plan . . . late but sound.| Work began. . . . The rest is known."},
		{"speaker behind a mark", "“We saw nothing!” Ada Novak, a nurse at the port and mother of two, told the Bremen Herald.| Nobody was hurt."},
		{"speaker behind a question", "“Who pays?” Mayor Ida Kern asked a meeting of the council.| Nobody answered."},
		{"statement behind a mark", "“We saw nothing!” |Ada Novak told the court that she was asleep."},
		{"names with marks", "A host of Jeopardy! Ada Novak left.| Yahoo! Finance said so.| It fell at Yahoo! |The share lost 3 percent."},
		{"roman numerals", "It is in Vol. IV of the report, Art. IX of the charter.| See Fig. 3."},
		{"month pairs", "The fair runs July 30-Aug. 14 in Bremen.| It is open Mon.-Fri. 9 to 5."},
		{"titles of other kinds", "The Rt. Hon. Ada Novak paid Kr. 500 for it.| It was built c. 1890 in Bremen."},
		{"ordinals", "Am 3. Juli 2021 kam der 2. Bürgermeister.| Das sagte z. B. Dr. Novak.| Den 1. maj stod han i Aarhus.| Dne 5. července odjel."},
		{"labels", "Q. Did you sign it?| A. Yes, and I sent it back."},
		{"empty", ""},
		{"space", " \n\t "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var want []string
			for _, s := range strings.Split(tt.text, "|") {
				if s = strings.TrimSpace(s); s != "" {
					want = append(want, s)
				}
			}
			text := strings.ReplaceAll(tt.text, "|", "")
			var got []string
			for _, r := range Sentences(text) {
				got = append(got, text[r.Start:r.End])
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("sentences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCount(t *testing.T) {
	for text, want := range map[string]int{"": 0, " a ": 1, "a\u00a0b\nc d": 4, "它 来": 2} {
		if got := Count(text); got != want || got != len(strings.Fields(text)) {
			t.Errorf("Count(%q) = %d, want %d", text, got, want)
		}
	}
}

func FuzzSentences(f *testing.F) {
	for _, s := range []string{"A. B.", "“A. B,” he said.", "a\r\n\r\nb", "'x. Y,' z", "…?\"”", "\u00a0.\u2028", "Mr. \xff. X", "“"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, r := range Sentences(text) {
			if r.Start < last || r.End <= r.Start || r.End > len(text) {
				t.Fatalf("range %v after %d of %d bytes", r, last, len(text))
			}
			if strings.TrimSpace(text[last:r.Start]) != "" {
				t.Fatalf("left out %q", text[last:r.Start])
			}
			if s := text[r.Start:r.End]; strings.TrimSpace(s) != s {
				t.Fatalf("not trimmed: %q", s)
			}
			if utf8.ValidString(text) && !utf8.ValidString(text[r.Start:r.End]) {
				t.Fatalf("split a character: %q", text[r.Start:r.End])
			}
			last = r.End
		}
		if strings.TrimSpace(text[last:]) != "" {
			t.Fatalf("left out %q", text[last:])
		}
	})
}

func BenchmarkSentences(b *testing.B) {
	para := "Afghan authorities on Tuesday vowed to retake all the districts lost to the Taliban as hundreds of " +
		"commandos deployed to counter the insurgents' offensive. ‘There is war, there is pressure. Sometimes " +
		"they don't,’ Gen. Hamdullah Mohib told reporters in the U.S. on Jan. 5. He left at 5 p.m.\n\n"
	text := strings.Repeat(para, 4000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		Sentences(text)
	}
}

// A block without a line break must not cost more than its length asks for.
func TestSentencesLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("long text")
	}
	for _, unit := range []string{"a. B “c.” ", "\"A. ", "'A! ", "....", "U.S. ", "a\nb", "“x. Y” "} {
		text := strings.Repeat(unit, 200_000)
		if rs := Sentences(text); len(rs) == 0 || !unicode.IsPrint(rune(text[rs[0].Start])) {
			t.Errorf("%q gives no sentence", unit)
		}
	}
}
