package retrieval

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	textunicode "golang.org/x/text/encoding/unicode"
)

const byteOrderMark = "\ufeff"

// decode returns the body of an item: the text that the loader found, or the
// raw bytes, decoded if they are not UTF-8. notes say what else was decoded.
// The body of a stored article is returned as it is.
func decode(item Item) (body string, notes []string, err error) {
	refuse := func(why string) (string, []string, error) { return "", nil, &Refusal{Source: item.Source, Why: why} }
	switch {
	case item.Body != nil:
		body = *item.Body
		if !utf8.ValidString(body) {
			return refuse("its text is not valid UTF-8")
		}
	case len(item.Raw) == 0:
		return refuse("it is empty")
	default:
		text, note, why := decodeBytes(item.Raw)
		if why != "" {
			return refuse(why)
		}
		if body = text; note != "" {
			notes = append(notes, note)
		}
	}
	if !item.stored {
		var more []string
		body, more = repairBody(body)
		notes = append(notes, more...)
		if n := lineBreaks(body); n > maxLines {
			return refuse(fmt.Sprintf("it has %d lines; an article has at most %d", n+1, maxLines))
		}
	}
	if strings.IndexByte(body, 0) >= 0 {
		return refuse("it has NUL characters, so it is not text")
	}
	if strings.TrimFunc(body, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' }) == "" {
		return refuse("it is empty")
	}
	return body, notes, nil
}

// maxLines is the number of lines of an article. Finding page furniture takes
// several hundred bytes a line, so that a file of nothing but line breaks would
// take a hundred times its size.
const maxLines = 200_000

func lineBreaks(text string) int {
	return strings.Count(text, "\n") + strings.Count(text, "\r") - strings.Count(text, "\r\n") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029")
}

// decodeBytes returns raw as text with a note, or why it is none.
func decodeBytes(raw []byte) (text, note, why string) {
	if utf32(raw) {
		return "", "", "it is UTF-32 text, which is not read; save it as UTF-8"
	}
	if kind := binaryKind(raw); kind != "" {
		return "", "", "it is " + kind + ", not text"
	}
	if enc := utf16Of(raw); enc != nil {
		text, why = transcode(raw, enc, "UTF-16")
		return text, "", why
	}
	if bytes.IndexByte(raw, 0) >= 0 || controls(raw) > len(raw)/50 {
		return "", "", "it is binary, not text"
	}
	if utf8.Valid(raw) {
		return string(raw), "", ""
	}
	if text, note, ok := StrayBytes(raw); ok {
		return string(text), note, ""
	}
	enc, name := singleByte(raw)
	if enc == nil {
		return "", "", "it is not UTF-8, " + name + "; save it as UTF-8"
	}
	text, why = transcode(raw, enc, name)
	return text, "", why
}

func transcode(raw []byte, enc encoding.Encoding, name string) (text, why string) {
	out, err := enc.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "it is not valid " + name + "; save it as UTF-8"
	}
	return string(out), ""
}

// binaryKind names the format of files that people take for text files.
func binaryKind(raw []byte) string {
	for _, m := range []struct{ magic, name string }{
		{"%PDF-", "a PDF file"},
		{"PK\x03\x04", "a ZIP or office file"},
		{"\x1f\x8b", "compressed data (gzip)"},
		{"\x89PNG", "a PNG picture"},
		{"\xff\xd8\xff", "a JPEG picture"},
		{"GIF8", "a GIF picture"},
		{"\x7fELF", "a program"},
		{"MZ\x90", "a program"},
		{"{\\rtf", "an RTF file"},
		{"\xd0\xcf\x11\xe0", "an old office file"},
		{"SQLite format 3\x00", "a SQLite database"},
	} {
		if bytes.HasPrefix(raw, []byte(m.magic)) {
			return m.name
		}
	}
	return ""
}

// utf32 reports whether raw begins with the byte-order mark of UTF-32.
func utf32(raw []byte) bool {
	return bytes.HasPrefix(raw, []byte("\xff\xfe\x00\x00")) || bytes.HasPrefix(raw, []byte("\x00\x00\xfe\xff"))
}

// utf16Of returns the decoder of UTF-16 text, which has a byte-order mark or
// a NUL in every other byte of most characters.
func utf16Of(raw []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}):
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.ExpectBOM)
	case bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return textunicode.UTF16(textunicode.BigEndian, textunicode.ExpectBOM)
	case len(raw)%2 != 0 || len(raw) < 16:
		return nil
	}
	var nul [2]int
	for i, c := range raw {
		if c == 0 {
			nul[i%2]++
		}
	}
	switch half := len(raw) / 2; {
	case nul[1] > half*7/10 && nul[0] == 0:
		return textunicode.UTF16(textunicode.LittleEndian, textunicode.IgnoreBOM)
	case nul[0] > half*7/10 && nul[1] == 0:
		return textunicode.UTF16(textunicode.BigEndian, textunicode.IgnoreBOM)
	}
	return nil
}

// controls counts the control characters that no text holds.
func controls(raw []byte) int {
	n := 0
	for _, c := range raw {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1b || c == 0x7f {
			n++
		}
	}
	return n
}

// singleByte returns the encoding of text that is not UTF-8, if the bytes
// leave no doubt: Western European text has few letters outside of ASCII, and
// Cyrillic text is all of them, with the small letters in one half of the
// upper block. Otherwise it returns nil and what the text may be.
func singleByte(raw []byte) (encoding.Encoding, string) {
	var lower, upper, ascii, high, odd, bare int
	for i, c := range raw {
		switch {
		case c < utf8.RuneSelf:
			if c|0x20 >= 'a' && c|0x20 <= 'z' {
				ascii++
			}
			continue
		case c >= 0xe0:
			lower++
		case c >= 0xc0:
			upper++
		case c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d:
			odd++ // without meaning in Windows-1252
		case wordByte(raw, i-1) && wordByte(raw, i+1) && c != 0x92 && c != 0xa0 && c != 0xad && c != 0x96 && c != 0x97 && c != 0x9a && c != 0x9e && c != 0x9c:
			bare++ // a sign inside a word
		}
		high++
	}
	letters := lower + upper
	switch {
	case letters > 2*ascii && odd+bare <= letters/20 && lower > 4*upper && frequent(raw, "\xee\xe5\xe0\xe8\xed\xf2"):
		return charmap.Windows1251, "Windows-1251"
	case letters > 2*ascii && odd+bare <= letters/20 && upper > 4*lower && frequent(raw, "\xcf\xc5\xc1\xc9\xce\xd4"):
		return charmap.KOI8R, "KOI8-R"
	case odd == 0 && bare <= high/20 && letters*6 <= ascii:
		return charmap.Windows1252, "Windows-1252"
	}
	return nil, "and its encoding cannot be told for certain"
}

func wordByte(raw []byte, i int) bool {
	return i >= 0 && i < len(raw) && (raw[i]|0x20 >= 'a' && raw[i]|0x20 <= 'z' || raw[i] >= 0xc0)
}

// frequent reports whether the letters given, the six most frequent ones of
// Russian, are at least a third of all bytes above 0xbf.
func frequent(raw []byte, letters string) bool {
	n, all := 0, 0
	for _, c := range raw {
		if c >= 0xc0 {
			all++
			if strings.IndexByte(letters, c) >= 0 {
				n++
			}
		}
	}
	return 3*n >= all
}
