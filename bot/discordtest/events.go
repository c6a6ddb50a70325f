package discordtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Post stores a message as somebody wrote it and returns it with its
// MESSAGE_CREATE, which is not yet dispatched: a test may send it twice, late or
// never. An id, a time, the guild, the author (user "42") and the mentions that
// stand in the content as <@id> are filled in where they are missing; a ReplyTo
// becomes the message's reference, and mentions the replied author.
func (s *Server) Post(m Message) (Message, Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.Author.ID == "" {
		m.Author = Someone()
	}
	if m.Reference != nil && m.Referenced == nil {
		m.Referenced = s.messages[m.Reference.MessageID]
	}
	if m.Referenced != nil {
		m.Type = 19
		m.Reference = &Reference{MessageID: m.Referenced.ID, ChannelID: m.Referenced.ChannelID, GuildID: m.Referenced.GuildID}
	}
	bot := s.BotUser()
	if strings.Contains(m.Content, "<@"+bot.ID+">") && !slices.ContainsFunc(m.Mentions, func(u User) bool { return u.ID == bot.ID }) {
		m.Mentions = append(slices.Clone(m.Mentions), bot)
	}
	kept := *s.store(m)
	if kept.GuildID != "" && kept.WebhookID == "" {
		kept.Member = &Member{Roles: []string{}}
	}
	return kept, Event{Type: "MESSAGE_CREATE", GuildID: kept.GuildID, Data: kept}
}

// Say posts and dispatches a message of user "42" and returns it.
func (s *Server) Say(channelID, content string) Message {
	m, e := s.Post(Message{ChannelID: channelID, Content: content})
	s.Dispatch(e)
	return m
}

// Mention is Say with the bot mentioned before the content.
func (s *Server) Mention(channelID, content string) Message {
	return s.Say(channelID, "<@"+s.opts.AppID+"> "+content)
}

// Edit changes the content of a message that a user wrote, and returns the
// MESSAGE_UPDATE, which is not yet dispatched.
func (s *Server) Edit(messageID, content string) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.messages[messageID]
	if m == nil {
		return Event{}
	}
	now := s.opts.Now().UTC()
	m.Content, m.EditedTimestamp = content, &now
	if bot := s.BotUser(); strings.Contains(content, "<@"+bot.ID+">") {
		m.Mentions = append(slices.Clone(m.Mentions), bot)
	}
	kept := *m
	kept.Member = &Member{Roles: []string{}}
	return Event{Type: "MESSAGE_UPDATE", GuildID: kept.GuildID, Data: kept}
}

// Reply posts and dispatches an answer of user "42" to a message; with ping on,
// as Discord's clients have it, it mentions that message's author.
func (s *Server) Reply(to Message, content string, ping bool) Message {
	m := Message{ChannelID: to.ChannelID, Content: content, Referenced: &to}
	if ping {
		m.Mentions = []User{to.Author}
	}
	m, e := s.Post(m)
	s.Dispatch(e)
	return m
}

// Direct posts and dispatches a direct message of a user and returns it.
func (s *Server) Direct(from User, content string) Message {
	m, e := s.Post(Message{ChannelID: s.DM(from).ID, Author: from, Content: content})
	s.Dispatch(e)
	return m
}

// ForumPost adds a post by user "42" to a forum: its thread, and the first
// message, which has the thread's id. Both are dispatched.
func (s *Server) ForumPost(forumID, title, content string) (Channel, Message, error) {
	s.mu.Lock()
	forum := s.channels[forumID]
	id := s.newID()
	s.mu.Unlock()
	if forum == nil || forum.Type != ChannelForum {
		return Channel{}, Message{}, fmt.Errorf("post in forum %s: no such forum", forumID)
	}
	c := Channel{ID: id, GuildID: forum.GuildID, Type: ChannelThread, Name: title, ParentID: forumID, OwnerID: Someone().ID}
	created, err := s.AddChannel(c)
	if err != nil {
		return Channel{}, Message{}, fmt.Errorf("post in forum %s: %w", forumID, err)
	}
	m, e := s.Post(Message{ID: id, ChannelID: id, Content: content})
	s.Dispatch(created, e)
	return c, m, nil
}

// Someone is the user "42", who asks where nobody else is named.
func Someone() User {
	return User{ID: "42", Username: "reader", GlobalName: "A Reader", Discriminator: "0"}
}

// Messages returns what stands in a channel, oldest first, ephemeral messages
// included and deleted ones not.
func (s *Server) Messages(channelID string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Message
	for _, id := range s.byChannel[channelID] {
		if m := s.messages[id]; !m.Deleted {
			list = append(list, complete(*m))
		}
	}
	return list
}

// Message returns a message by id, deleted or not.
func (s *Server) Message(id string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.messages[id]
	if m == nil {
		return Message{}, false
	}
	return complete(*m), true
}

// Channels returns the channels and threads of a guild, by id.
func (s *Server) Channels(guildID string) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Channel
	for _, c := range s.sortedChannels(guildID) {
		list = append(list, *c)
	}
	return list
}

// WaitMessage waits for a message of the bot that match accepts (nil: any) in a
// channel ("" is any) and returns the first. Edits count as soon as they are made.
func (s *Server) WaitMessage(ctx context.Context, channelID string, match func(Message) bool) (Message, error) {
	var got Message
	err := s.wait(ctx, &s.changed, "a message in channel "+channelID, func() bool {
		var ids []string
		if channelID != "" {
			ids = s.byChannel[channelID]
		} else {
			for _, c := range s.byChannel {
				ids = append(ids, c...)
			}
			slices.SortFunc(ids, func(a, b string) int {
				if olderID(a, b, false) {
					return -1
				}
				return 1
			})
		}
		for _, id := range ids {
			m := complete(*s.messages[id])
			if m.Author.ID == s.opts.AppID && !m.Deleted && (match == nil || match(m)) {
				got = m
				return true
			}
		}
		return false
	})
	return got, err
}

// WaitReplyTo waits for a message of the bot that answers a message: as a reply
// to it, or in the thread opened on it.
func (s *Server) WaitReplyTo(ctx context.Context, m Message) (Message, error) {
	return s.WaitMessage(ctx, "", func(got Message) bool {
		return got.Reference != nil && got.Reference.MessageID == m.ID || got.ChannelID == m.ID
	})
}
