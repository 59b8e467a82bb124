/// Top-level domains that make a bare domain a URL, as in "see example.com".
///
/// All country codes, and the generic ones in common use, of the root zone (https://www.iana.org/domains/root/db); the whole
/// root zone has some 1500 names, most of them brands. A bare domain under another name counts by its characters; with
/// `http://` or `https://` in front the list is not asked.
enum TopLevelDomains {
    /// Whether a name, in lower case, is one of them.
    static func contains(_ name: String) -> Bool { names.contains(Substring(name)) }

    private static let names = Set((countries + " " + generic).split { $0 == " " || $0 == "\n" })

    private static let countries = """
        ac ad ae af ag ai al am an ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv
        bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu
        fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in
        io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf
        mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph
        pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy
        sz tc td tf tg th tj tk tl tm tn to tp tr tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt
        za zm zw
        """

    private static let generic = """
        academy agency app art associates auction audio band bank bar beer best bet bid bike bio biz black blog blue
        boutique build business cafe cam camera camp cards care careers cash casino cat catering center charity chat
        cheap church city claims click clinic clothing cloud club coach codes coffee college com community company
        computer consulting contact cool coop country credit cricket dance date dating deals delivery dental design
        dev diamonds digital direct directory discount doctor dog domains download earth eco edu education email
        energy engineer engineering enterprises equipment estate events exchange expert express faith family fan
        fans farm fashion film finance financial fish fit fitness flights florist football foundation fun fund
        furniture fyi gallery game games garden gift gifts glass global gmbh gold golf gov graphics gratis green
        group guide guitars guru haus health healthcare help hockey holdings holiday homes horse hospital host
        hosting house how inc industries info ink institute insure int international investments irish jewelry jobs
        kim kitchen land law lawyer lease legal life lighting limited limo link live loan lol love ltd luxury
        management map market marketing mba media memorial menu mil mobi moda moe mom money monster movie museum
        name net network news ninja nyc one online org page partners parts party pet photo photography photos pics
        pictures pink pizza place plumbing plus poker porn press pro productions promo properties property pub quest
        racing realty recipes red rehab reise rent rentals repair report republican rest restaurant review reviews
        rip rocks run sale salon school science security services sex sexy shiksha shoes shop shopping show singles
        site ski soccer social software solar solutions space sport store stream studio study style supplies supply
        support surf surgery systems tattoo tax taxi team tech technology tel tennis theater tickets tips tires
        today tokyo tools top tours town toys trade trading training travel tube university uno vacations vegas
        ventures vet video villas vin vip vision vote voyage wang watch webcam website wedding wiki win wine work
        works world wtf xxx xyz yoga zone
        """
}
