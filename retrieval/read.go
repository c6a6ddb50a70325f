package retrieval

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"verbatim/retrieval/corpus"
	"verbatim/retrieval/dateline"
	"verbatim/retrieval/segment"
)

// ReadingVersion is the version of the rules by which titles, dates, outlets,
// furniture and passages are read from a body. A store whose articles were read
// by another one is brought up to date by Rederive. It grows with every change
// of these rules.
const ReadingVersion = 2

// RawHash returns the hex SHA-256 over the raw bytes of an item and what is
// given of it. It changes exactly when there is a new revision.
func RawHash(item Item) string {
	h := sha256.New()
	// A struct of strings always marshals.
	given, _ := json.Marshal(item.Given)
	h.Write(given)
	h.Write([]byte{0})
	h.Write(item.Raw)
	return hex.EncodeToString(h.Sum(nil))
}

// Read makes an article of an item: its body with the furniture marked, and
// what metadata and text say of it. Its ID is the bare one of the source; the
// date of an article without a full one is inferred later, from its Days. An
// item that is empty, binary or in an unknown encoding is a *Refusal.
func Read(item Item) (*corpus.Article, error) { return ReadAmong(item, nil) }

// ReadAmong is Read, and marks lines that repeats has seen in other articles of
// the corpus as furniture too; repeats may be nil.
func ReadAmong(item Item, repeats *segment.Repeats) (*corpus.Article, error) {
	a, _, err := readNoted(item, repeats)
	return a, err
}

// readNoted is ReadAmong with notes on how the body was decoded.
func readNoted(item Item, repeats *segment.Repeats) (*corpus.Article, []string, error) {
	body, notes, err := decode(item)
	if err != nil {
		return nil, nil, err
	}
	text := strings.TrimPrefix(body, byteOrderMark)
	offset := len(body) - len(text)
	title := plainText(item.Given.Title)
	facts := dateline.Read(text, title)
	marks := segment.Marks(segment.MarkInput{Body: text, Title: title, Known: facts.Marks, Repeats: repeats})
	if offset > 0 {
		for i := range marks {
			marks[i].Start += offset
			marks[i].End += offset
		}
		marks = slices.Insert(marks, 0, corpus.Mark{Span: corpus.Span{Start: 0, End: offset}, Reason: corpus.ReasonOther})
	}
	a := &corpus.Article{Raw: item.Raw, Body: body, Furniture: marks, Info: corpus.Info{
		ID:         corpus.NewID(item.Source),
		Source:     item.Source,
		Server:     item.Server,
		Collection: item.Collection,
		Given:      item.Given,
		Title:      facts.Title,
		Outlet:     facts.Outlet,
		Agency:     facts.Agency,
		Author:     facts.Author,
		Place:      facts.Place,
		Days:       facts.Days,
		Bytes:      len(body),
		BodyHash:   corpus.Hash(body),
		RawHash:    RawHash(item),
	}}
	a.Published, a.Basis, a.PublishedSpan = facts.Published, facts.Basis, facts.PublishedSpan
	if a.Published != "" {
		a.PublishedSpan.Start += offset
		a.PublishedSpan.End += offset
	}
	override(&a.Info, item.Given)
	return a, notes, nil
}

// maxTitle and maxName are the bytes of a title and of other names that are kept
// to be shown. Given keeps all of what was given.
const (
	maxTitle = 1000
	maxName  = 300
)

// override puts what was given of an article over what its text says.
func override(info *corpus.Info, given corpus.Given) {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&info.Title, given.Title},
		{&info.Outlet, given.Outlet},
		{&info.Agency, given.Agency},
		{&info.Author, given.Author},
		{&info.URL, given.URL},
		{&info.Language, given.Language},
	} {
		if s := strings.TrimSpace(f.from); s != "" {
			if *f.to = s; f.to != &info.URL {
				*f.to = plainText(s)
			}
		}
	}
	for _, name := range []*string{&info.Outlet, &info.Agency, &info.Author, &info.Place, &info.Language} {
		*name = shorten(*name, maxName)
	}
	info.Title = shorten(info.Title, maxTitle)
	if given.Published != "" {
		info.Published, info.Basis, info.PublishedSpan = given.Published, corpus.BasisMetadata, corpus.Span{}
	}
}

// plainText returns a given text without white space around it, with its HTML
// entities decoded and twice-encoded letters read back.
func plainText(s string) string {
	s, _ = repairBody(strings.TrimSpace(s))
	return s
}

// shorten is clip with a sign that something is missing.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return clip(s, most) + "…"
}
