package bot

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/render"
)

const (
	callbackTimeout = 1200 * time.Millisecond
	callbackLimit   = 2800 * time.Millisecond
	// sendLimit is how long a message to a channel is tried.
	sendLimit = 2 * time.Minute
)

// target is where a reply goes: an interaction, or a channel.
type target struct {
	interaction *discord.Interaction
	private     bool
	update      bool      // the message with the button is edited
	plain       bool      // embeds are not allowed here
	until       time.Time // the token of the interaction serves

	server, channel, user string
	replyTo               string    // id of the message that is answered
	thread                string    // the name of a thread to open on it; "" opens none
	outside, question     string    // of a thread that was opened: its channel, and the message it is on
	nonce                 string    // id of the event: makes a repeated message one
	done                  func()    // ends the typing indicator
	progress              *progress // shows parts of the reply; may be nil
}

func (t *target) callback() discord.Call {
	i := t.interaction
	return discord.Call{
		Method: http.MethodPost, Path: "/interactions/" + url.PathEscape(i.ID) + "/" + url.PathEscape(i.Token) + "/callback",
		Route: "/interactions/*/callback", Public: true, Burst: true, Again: true, Timeout: callbackTimeout,
	}
}

func (t *target) webhook(method, tail string) discord.Call {
	i := t.interaction
	return discord.Call{
		Method: method, Path: "/webhooks/" + url.PathEscape(i.Application) + "/" + url.PathEscape(i.Token) + tail,
		Route: "/webhooks/*" + tail, Public: true, Again: method == http.MethodPatch,
	}
}

// acknowledge says to Discord that an answer will come. If that gets no
// answer itself, it may still have worked: the edit will tell.
func (b *bot) acknowledge(ctx context.Context, t *target) {
	r := discord.Response{Type: discord.RespondLater}
	switch {
	case t.update:
		r.Type = discord.RespondUpdateLater
	case t.private:
		r.Data = struct {
			Flags int `json:"flags"`
		}{discord.FlagEphemeral}
	}
	if err := b.call(ctx, t, r); err != nil {
		b.log.Warn("acknowledge interaction", "error", err)
	}
}

// call sends the first response to an interaction.
func (b *bot) call(ctx context.Context, t *target, r discord.Response) error {
	ctx, cancel := context.WithTimeout(ctx, callbackLimit)
	defer cancel()
	c := t.callback()
	c.Body = r
	err := b.api.Do(ctx, c, nil)
	if discord.HasCode(err, discord.CodeAlreadyAcked) {
		return nil // by an attempt that got no answer
	}
	return err
}

// respond makes a reply the first response to an interaction.
func (b *bot) respond(ctx context.Context, t *target, rep *render.Reply, private bool) error {
	var r discord.Response
	switch {
	case t.interaction.Type == discord.InteractionAutocomplete:
		choices := rep.Choices
		if choices == nil {
			choices = []discord.Choice{}
		}
		r = discord.Response{Type: discord.RespondAutocomplete, Data: struct {
			Choices []discord.Choice `json:"choices"`
		}{choices}}
	case rep.Modal != nil:
		r = discord.Response{Type: discord.RespondModal, Data: modalData(rep.Modal)}
	default:
		out := render.Pack(rep, t.plain)[0]
		if private {
			out.Flags |= discord.FlagEphemeral
		}
		r = discord.Response{Type: discord.RespondMessage, Data: out}
	}
	if err := b.call(ctx, t, r); err != nil {
		b.log.Warn("respond to interaction", "error", err)
		if r.Type == discord.RespondMessage && !maybeDone(err) {
			t.private = t.private || private
			b.fallBack(ctx, t, rep)
		}
	}
	return nil
}

// maybeDone reports whether a request that failed may have worked.
func maybeDone(err error) bool {
	var n *discord.NetError
	return errors.As(err, &n) || discord.Status(err) >= 500
}

func modalData(m *render.Modal) any {
	required := !m.Optional
	return struct {
		CustomID   string                     `json:"custom_id"`
		Title      string                     `json:"title"`
		Components []discord.MessageComponent `json:"components"`
	}{m.Id, m.Title, []discord.MessageComponent{discord.ActionsRow{Components: []discord.MessageComponent{
		discord.TextInput{CustomID: "text", Label: m.Label, Style: discord.TextInputParagraph, Placeholder: m.Hint, Required: required, MaxLength: m.Max},
	}}}}
}

// send delivers a reply in the background: a rate limit must not hold up the
// worker that found it. ctx ends when the bot gives up what is unsent.
func (b *bot) send(ctx context.Context, t *target, rep *render.Reply) {
	b.spawn("deliver", func() {
		if t.done != nil {
			defer t.done()
		}
		if t.progress != nil {
			t.progress.end()
		}
		if t.interaction == nil {
			ctx, cancel := context.WithTimeout(ctx, sendLimit)
			defer cancel()
			if t.thread != "" && !rep.Unanswered { // none for a refusal
				b.intoThread(ctx, t)
			}
			b.post(ctx, t, rep)
			return
		}
		if rep.Deletes {
			b.delete(ctx, t)
			return
		}
		if t.update && rep.Failed {
			b.whisper(ctx, t, render.Pack(rep, t.plain)[0])
			return
		}
		b.edit(ctx, t, rep)
	})
}

// delete deletes the message whose button was pressed.
func (b *bot) delete(ctx context.Context, t *target) {
	ctx, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	if err := b.api.Do(ctx, t.webhook(http.MethodDelete, "/messages/@original"), nil); err != nil {
		b.log.Warn("delete an answer", "server", t.server, "error", err)
		b.whisper(ctx, t, render.Pack(render.Sorry(wordsFault), true)[0])
	}
}

// whisper shows a message to the asker alone, beside the message whose button
// was pressed, which stays as it is for everybody.
func (b *bot) whisper(ctx context.Context, t *target, o discord.Outgoing) {
	ctx, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	o.Flags |= discord.FlagEphemeral
	c := t.webhook(http.MethodPost, "")
	c.Body = o
	if err := b.api.Do(ctx, c, nil); err != nil && !errors.Is(err, discord.ErrGarbled) {
		b.log.Warn("send an error", "server", t.server, "error", err)
	}
}

// edit puts the first message into the place of the acknowledgment and the
// others after it. It is answered in the channel, or in a direct message,
// if Discord has lost the interaction.
func (b *bot) edit(ctx context.Context, t *target, rep *render.Reply) {
	out := render.Pack(rep, t.plain)
	valid, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	c := t.webhook(http.MethodPatch, "/messages/@original")
	c.Body, c.File = out[0], out[0].File
	if err := b.api.Do(valid, c, nil); err != nil && !errors.Is(err, discord.ErrGarbled) {
		b.log.Warn("edit answer", "server", t.server, "error", err)
		if !t.update {
			b.fallBack(ctx, t, rep)
		}
		return
	}
	for _, o := range out[1:] {
		if t.private {
			o.Flags |= discord.FlagEphemeral
		}
		c := t.webhook(http.MethodPost, "")
		c.Body = o
		if err := b.api.Do(valid, c, nil); err != nil && !errors.Is(err, discord.ErrGarbled) && !maybeDone(err) {
			b.log.Warn("send the rest of an answer", "server", t.server, "error", err)
			return
		}
	}
}

// fallBack answers an interaction that Discord no longer knows by ordinary
// messages.
func (b *bot) fallBack(ctx context.Context, t *target, rep *render.Reply) {
	ctx, cancel := context.WithTimeout(ctx, sendLimit)
	defer cancel()
	direct := *t
	direct.interaction = nil
	if t.private && t.server != "" {
		dm, err := b.directChannel(ctx, t.user)
		if err != nil {
			b.log.Warn("answer lost", "server", t.server, "error", err)
			return
		}
		direct.channel, direct.server = dm, ""
	}
	b.post(ctx, &direct, rep)
}

func (b *bot) directChannel(ctx context.Context, user string) (string, error) {
	var c discord.Channel
	err := b.api.Do(ctx, discord.Call{
		Method: http.MethodPost, Path: "/users/@me/channels", Route: "/users/@me/channels", Again: true,
		Body: map[string]string{"recipient_id": user},
	}, &c)
	return c.ID, err
}

// post sends messages to a channel, as replies to the question if there
// is one.
func (b *bot) post(ctx context.Context, t *target, rep *render.Reply) {
	t.plain = t.plain || b.places.lacking(t.channel, discord.PermEmbedLinks) != 0
	for n, o := range render.Pack(rep, t.plain) {
		o.Nonce, o.Enforce = nonce(t.nonce, n), true
		if t.replyTo != "" && n == 0 {
			o.Reference = &discord.Reference{MessageID: t.replyTo, FailIfNotExists: new(bool)}
		}
		err := b.postOne(ctx, t.channel, o)
		if err == nil {
			continue
		}
		b.log.Warn("send message", "server", t.server, "channel", t.channel, "error", err)
		if discord.HasCode(err, discord.CodeMissingPermissions, discord.CodeMissingAccess) {
			if len(o.Embeds) > 0 { // it may be that embeds alone are not allowed
				t.plain = true
				b.post(ctx, t, rep)
				return
			}
			if t.outside != "" && n == 0 { // the thread may be opened, and not be written into
				b.places.lack(t.outside, discord.PermSendInThreads)
				b.reportLack(ctx, lack{t.server, t.outside, "", "Send Messages in Threads", t.nonce})
				t.channel, t.replyTo, t.outside = t.outside, t.question, ""
				b.post(ctx, t, rep)
				return
			}
			b.reportLack(ctx, lack{t.server, t.channel, t.user, "View Channel and Send Messages (in a thread: Send Messages in Threads)", t.nonce})
		}
		return
	}
}

var errNowhere = errors.New("the channel is not known")

// nonce is at most 25 characters, as Discord wants it.
func nonce(event string, part int) string {
	s := event + "-" + strconv.Itoa(part)
	return s[max(0, len(s)-25):]
}

const noFiles = "-# The rest does not fit into messages, and I may not send files here: a moderator can give me the permission Attach Files."

func (b *bot) postOne(ctx context.Context, channel string, o discord.Outgoing) error {
	if channel == "" {
		return errNowhere
	}
	c := discord.Call{
		Method: http.MethodPost, Path: "/channels/" + url.PathEscape(channel) + "/messages", Route: "/channels/*/messages",
		Body: o, File: o.File, Again: true, // the nonce makes two of them one
	}
	err := b.api.Do(ctx, c, nil)
	if discord.HasCode(err, discord.CodeNoHistory) {
		o.Reference = nil
		c.Body = o
		err = b.api.Do(ctx, c, nil)
	}
	if o.File != nil && discord.HasCode(err, discord.CodeMissingPermissions) {
		o.Content, o.File, o.Attachments = render.Join(o.Content, noFiles), nil, nil
		if render.Units(o.Content) > render.MaxContent {
			return err
		}
		c.Body, c.File = o, nil
		err = b.api.Do(ctx, c, nil)
	}
	if errors.Is(err, discord.ErrGarbled) {
		return nil
	}
	return err
}

// typing shows that the bot is at work, until the returned function is
// called. Discord shows it for ten seconds at a time.
func (b *bot) typing(ctx context.Context, channel string) (stop func()) {
	ctx, cancel := context.WithTimeout(ctx, workLimit)
	b.spawn("typing", func() {
		for ctx.Err() == nil {
			err := b.api.Do(ctx, discord.Call{Method: http.MethodPost, Path: "/channels/" + url.PathEscape(channel) + "/typing", Route: "/channels/*/typing"}, nil)
			if err != nil {
				return
			}
			pause(ctx, 8*time.Second)
		}
	})
	return cancel
}
