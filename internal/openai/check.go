package openai

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"verbatim/answer/draft"
)

// Diagnosis is what Check found, for doctor to print.
type Diagnosis struct {
	OK     bool
	Kind   Kind   // "" if OK
	What   string // one line: what was found
	Advice string // what to do, "" if OK
	Took   time.Duration
}

// Check makes one small call and reports what is wrong with the set-up, if
// anything is: no server, a wrong key, an unknown model (with those that the
// server has), a limit reached, or answers that are of no use. If full is set,
// or the server runs on this machine, it sends a prompt of full size too and
// reports a server that cuts it.
func (c *Chat) Check(ctx context.Context, full bool) Diagnosis {
	begin := time.Now()
	trial, prompt, read, err := draft.Try(ctx, c.Complete, false)
	if err == nil && (full || loopback(c.host)) {
		trial, prompt, read, err = draft.Try(ctx, c.Complete, true)
	}
	took := time.Since(begin)
	if err != nil {
		return c.diagnose(ctx, err, took)
	}
	d := Diagnosis{OK: true, Took: took}
	switch {
	case cut(prompt, read.In):
		d.OK, d.Kind = false, KindTooLong
		d.What = fmt.Sprintf("%s at %s has read %d tokens of a prompt of about %d: it cuts the prompt to its context, so rules and sentences are lost",
			c.o.Model, c.host, read.In, EstimateTokens(prompt.System)+EstimateTokens(prompt.User))
		d.Advice = adviceCut
	case trial == draft.TrialNoAnswer:
		d.What = fmt.Sprintf("%s at %s keeps to the form, but found no answer in a plain test: expect few points", c.o.Model, c.host)
	case trial == draft.TrialInvented:
		d.What = fmt.Sprintf("%s at %s keeps to the form, but in a plain test wrote what its sentence does not say: expect few points", c.o.Model, c.host)
	default:
		d.What = fmt.Sprintf("%s at %s answers in %s", c.o.Model, c.host, took.Round(time.Millisecond))
	}
	return d
}

// loopback reports whether host, with or without a port, is this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Check embeds one text and tells what is wrong with the set-up, if anything
// is.
func (e *Embeddings) Check(ctx context.Context) Diagnosis {
	begin := time.Now()
	vectors, _, err := e.request(ctx, []string{e.o.Prefix + "The town bought four buses."})
	took := time.Since(begin)
	if err != nil {
		return e.diagnose(ctx, err, took)
	}
	return Diagnosis{OK: true, Took: took, What: fmt.Sprintf("%s at %s gives vectors of %d dimensions in %s", e.o.Model, e.host, len(vectors[0]), took.Round(time.Millisecond))}
}

// diagnose puts a failed call in the operator's words.
func (c *client) diagnose(ctx context.Context, err error, took time.Duration) Diagnosis {
	var e *Error
	if !errors.As(err, &e) {
		e = c.failure(ctx, "chat", err)
	}
	d := Diagnosis{Kind: e.Kind, What: e.Error(), Advice: e.Advice(), Took: took}
	if e.Kind == KindModel {
		if models := c.models(ctx); len(models) > 0 {
			d.Advice = fmt.Sprintf("%s has no model %q; it has %s.", c.host, c.o.Model, listed(models))
		}
	}
	return d
}

// maxListed is how many of a server's models are named.
const maxListed = 8

func listed(models []string) string {
	if len(models) > maxListed {
		return strings.Join(models[:maxListed], ", ") + fmt.Sprintf(" and %d more", len(models)-maxListed)
	}
	return strings.Join(models, ", ")
}

// models returns what the server says that it has, or nothing.
func (c *client) models(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	list, err := c.api.ListModels(ctx)
	if err != nil {
		return nil
	}
	var names []string
	for _, m := range list.Models {
		if n := redact(m.ID, c.secrets()); n != "" {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
