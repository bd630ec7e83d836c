"""Domains at which anybody can have a mailbox, so that they say nothing about where somebody works."""

from __future__ import annotations

_DOMAINS = """
gmail.com googlemail.com outlook.com outlook.de outlook.fr hotmail.com hotmail.de hotmail.fr hotmail.it hotmail.co.uk
live.com msn.com yahoo.com yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.uk yahoo.co.in yahoo.com.br ymail.com icloud.com
me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.com mail.ru yandex.ru
yandex.com bk.ru list.ru inbox.ru rambler.ru proton.me protonmail.com pm.me tutanota.com tuta.io zoho.com fastmail.com
posteo.de mailbox.org orange.fr wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it tiscali.it alice.it
bluewin.ch btinternet.com ntlworld.com sky.com comcast.net verizon.net att.net sbcglobal.net cox.net charter.net
bellsouth.net shaw.ca rogers.com sympatico.ca qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net
rediffmail.com uol.com.br bol.com.br terra.com.br wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz abv.bg ukr.net
telenet.be skynet.be ziggo.nl xs4all.nl planet.nl home.nl kpnmail.nl hetnet.nl bigpond.com optusnet.com.au chmail.ir
"""
FREE_MAIL = frozenset(_DOMAINS.split())
