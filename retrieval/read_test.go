package retrieval_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
	"verbatim/retrieval/load"
	"verbatim/seeds"
)

// The facts of the embedded articles, which users see with every quote.
func TestReadSeeds(t *testing.T) {
	type facts struct {
		Source, Name, Agency string
		Published            corpus.Date
		Basis                corpus.Basis
	}
	var infos []*corpus.Info
	for item, err := range load.FS(t.Context(), seeds.Files(), "seeds", load.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		a, err := retrieval.Read(item)
		if err != nil {
			t.Fatal(err)
		}
		if a.Body != string(item.Raw) || a.ID != corpus.NewID(item.Source) || a.Bytes != len(item.Raw) {
			t.Errorf("%s: body, ID or length differ from the file", item.Source)
		}
		infos = append(infos, &a.Info)
	}
	corpus.InferDates(infos)
	var got []facts
	for _, i := range infos {
		got = append(got, facts{i.Source, i.Name(), i.Agency, i.Published, i.Basis})
	}
	want := []facts{
		{"seeds/000_f498efd2ba0c4351.txt", "Kabul Now", "", "2021-07-04", corpus.BasisInferred},
		{"seeds/001_036379da49c29635.txt", "001_036379da49c29635.txt", "", "", corpus.BasisNone},
		{"seeds/002_3d8428e96f1f971a.txt", "AFP", "AFP", "2021-07-06", corpus.BasisBody},
		{"seeds/003_c0f12e7c3a80e674.txt", "ANI", "ANI", "2021-07-06", corpus.BasisInferred},
		{"seeds/004_c2ecb246eef9194c.txt", "004_c2ecb246eef9194c.txt", "", "2021-07-04", corpus.BasisBody},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
}

func utf16Bytes(s string, little bool) []byte {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	return out
}

func encode(t *testing.T, m *charmap.Charmap, s string) []byte {
	t.Helper()
	b, err := m.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodings(t *testing.T) {
	french := "Le président a été élu hier à Paris, où il a déclaré : « Nous irons plus loin. » L’Assemblée votera en août."
	russian := "Президент приехал в город вечером и сказал, что дорога будет открыта до конца недели. Жители ждали его."
	polish := "Książę wyszedł późną nocą, żeby spotkać się z łowczym, który wrócił z dłuższej podróży."
	tests := []struct {
		name string
		raw  []byte
		body string // "" where it is refused
		why  string
	}{
		{"utf-8", []byte(french), french, ""},
		{"mark", []byte("\ufeff" + french), "\ufeff" + french, ""},
		{"crlf", []byte("One.\r\nTwo."), "One.\r\nTwo.", ""},
		{"utf-16le with mark", append([]byte{0xff, 0xfe}, utf16Bytes(french, true)...), french, ""},
		{"utf-16be with mark", append([]byte{0xfe, 0xff}, utf16Bytes(french, false)...), french, ""},
		{"utf-16le", utf16Bytes("It rained all day in the town.", true), "It rained all day in the town.", ""},
		{"windows-1252", encode(t, charmap.Windows1252, french), french, ""},
		{"windows-1251", encode(t, charmap.Windows1251, russian), russian, ""},
		{"koi8-r", encode(t, charmap.KOI8R, russian), russian, ""},
		{"windows-1250", encode(t, charmap.Windows1250, polish), "", "its encoding cannot be told"},
		{"shift-jis", []byte("\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x8f\xcd\x82\xc5\x82\xb7\x81\x42"), "", "its encoding cannot be told"},
		{"cut utf-16", append([]byte{0xff, 0xfe}, 'a', 0, 'b'), "", "not valid UTF-16"},
		{"empty", nil, "", "it is empty"},
		{"only space", []byte(" \n\u00a0\ufeff"), "", "it is empty"},
		{"nul", []byte("One\x00two."), "", "binary"},
		{"pdf", []byte("%PDF-1.4 text"), "", "a PDF file"},
		{"zip", []byte("PK\x03\x04text"), "", "a ZIP"},
		{"utf-32", []byte("\xff\xfe\x00\x00a\x00\x00\x00"), "", "it is UTF-32 text, which is not read; save it as UTF-8"},
		{"control characters", []byte("\x01\x02\x03\x04\x05ab"), "", "binary"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := retrieval.Read(retrieval.Item{Source: "s", Raw: tt.raw})
			if tt.body == "" {
				r := (*retrieval.Refusal)(nil)
				if !errors.As(err, &r) || !strings.Contains(r.Why, tt.why) {
					t.Fatalf("error %v, want a refusal with %q", err, tt.why)
				}
				return
			}
			if err != nil || a.Body != tt.body {
				t.Fatalf("body %q, error %v", a.Body, err)
			}
		})
	}
}

// Offsets count the bytes of the file, its byte-order mark and CR LF too.
func TestReadOffsets(t *testing.T) {
	raw := "\ufeffArmy leaves the town\r\n\r\nKABUL (AFP) — The army left the town in the night, and nobody saw it go.\r\n"
	a, err := retrieval.Read(retrieval.Item{Source: "s", Raw: []byte(raw)})
	if err != nil {
		t.Fatal(err)
	}
	var marks []string
	for _, m := range a.Furniture {
		marks = append(marks, string(m.Reason)+": "+a.Body[m.Start:m.End])
	}
	want := []string{"other: \ufeff", "title: Army leaves the town", "dateline: KABUL (AFP) — "}
	if diff := cmp.Diff(want, marks); diff != "" {
		t.Errorf("marks (-want +got):\n%s", diff)
	}
	ss := retrieval.Sentences(a)
	if len(ss) != 1 || a.Body[ss[0].Start:ss[0].End] != "The army left the town in the night, and nobody saw it go." {
		t.Errorf("sentences %v", ss)
	}
}

func TestGivenOutranksText(t *testing.T) {
	body := "Army leaves the town\n04 July, 2021\n\nKABUL (AFP) — The army left the town in the night, and nobody saw it go.\n"
	given := corpus.Given{Title: "Other", Outlet: "O", Agency: "AP", Published: "2020-01-01", Author: "A", URL: "u", Language: "en"}
	a, err := retrieval.Read(retrieval.Item{Source: "s", Raw: []byte("{}"), Body: &body, Given: given})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{a.Title, a.Outlet, a.Agency, string(a.Published), string(a.Basis), a.Author, a.URL, a.Language}
	if diff := cmp.Diff([]string{"Other", "O", "AP", "2020-01-01", "metadata", "A", "u", "en"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRawHash(t *testing.T) {
	item := retrieval.Item{Source: "s", Raw: []byte("text")}
	other := item
	other.Given.Outlet = "O"
	if retrieval.RawHash(item) == retrieval.RawHash(other) {
		t.Error("given metadata does not change the hash")
	}
	other = item
	other.Source = "t"
	if retrieval.RawHash(item) != retrieval.RawHash(other) {
		t.Error("the source changes the hash")
	}
}
