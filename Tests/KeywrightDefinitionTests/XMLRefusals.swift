/// Documents that no reader may accept, each with the reason for which this one does not.
enum XMLRefusals {
  typealias Row = (document: String, reason: String)

  static let all: [Row] = roots + tags + texts + declarations + remarks

  private static let roots: [Row] = [
    ("", "no root element"), (" ", "no root element"), ("\u{FEFF}", "no root element"),
    ("x", "no root element"), ("\u{FEFF}\u{FEFF}<a/>", "no root element"),
    ("&lt;a/>", "no root element"),
    ("x<a/>", "no root element"), ("<![CDATA[x]]><a/>", noName), ("<a/>x", more),
    ("<a/><a/>", more),
    ("<a/></a>", more), ("<a/>&#32;", more), ("<a/><![CDATA[]]>", more), ("<a/>\u{A0}", more),
    ("<a/><!DOCTYPE a>", more), ("<!DOCTYPE a><a/>", doctype),
    ("\n<!-- --><!DOCTYPE a><a/>", doctype),
    ("<!DOCTYPE a [<!ENTITY CANARY SYSTEM 'file:///etc/passwd'>]><a>&CANARY;</a>", doctype),
    ("<!doctype a><a/>", noName), ("<a><!DOCTYPE a></a>", noName),
    ("<a><!ENTITY b 'c'></a>", noName),
  ]

  private static let tags: [Row] = [
    ("<", noName), ("<>", noName), ("< a/>", noName), ("</a>", noName), ("<1/>", noName),
    ("<é/>", noName),
    ("<:a/>", noName), ("<a:/>", noName), ("<a:b:c/>", noName), ("<a:1/>", noName),
    ("<-a/>", noName),
    ("<a", openTag), ("<a ", openTag), ("<a/", openTag), ("<a/ >", openTag), ("<a / >", openTag),
    ("<aé/>", openTag), ("<a b='1'c='2'/>", openTag), ("<a b='1'/ >", openTag),
    ("<a<b/></a>", openTag),
    ("<a b/>", noEquals), ("<a b c='1'/>", noEquals), ("<a b=1/>", noQuotes), ("<a b=/>", noQuotes),
    ("<a b='1/>", "the value of an attribute that does not end"),
    ("<a b='<'/>", "'<' in the value of an attribute"), ("<a b='&'/>", noEntity),
    ("<a b='1' b='1'/>", repeated), ("<a x:b='1' x:b='2'/>", repeated),
    ("<a x:b='1' b='2'/>", repeated),
    ("<a xmlns='1' xmlns='1'/>", repeated), ("<a xmlns:b='1' xmlns:b='2'/>", repeated),
    ("<a é='1'/>", noName), ("<a 1='1'/>", noName), ("<a ='1'/>", noName), ("<a></b>", otherName),
    ("<a></A>", otherName), ("<a></aa>", otherName), ("<aa></a>", otherName),
    ("<a></ a>", otherName),
    ("<a></a", otherName), ("<a></>", otherName), ("<a></a b='1'>", otherName),
    ("<a></a/>", otherName),
    ("<x:a></y:a>", otherName), ("<x:a></a>", otherName), ("<a></x:a>", otherName),
    ("<a><b></a></b>", otherName), ("<a>", openElement), ("<a>x", openElement),
    ("<a><b></b>", openElement),
  ]

  private static let texts: [Row] = [
    ("<a>]]></a>", "the end of a CDATA section that did not begin"),
    ("<a>]]]></a>", "the end of a CDATA section that did not begin"),
    ("<a><![CDATA[x</a>", openSection), ("<a><![CDATA[x]]</a>", openSection),
    ("<a><![cdata[]]></a>", noName),
    ("<a><![CDATA [x]]></a>", noName), ("<a>&</a>", noEntity), ("<a>& </a>", noEntity),
    ("<a>&;</a>", noEntity), ("<a>&lt</a>", noEntity), ("<a>&LT;</a>", noEntity),
    ("<a>&nbsp;</a>", noEntity), ("<a>&CANARY;</a>", noEntity), ("<a>&lt ;</a>", noEntity),
    ("<a>&#;</a>", noCharacter), ("<a>&#x;</a>", noCharacter), ("<a>&#X41;</a>", noCharacter),
    ("<a>&#65</a>", noCharacter), ("<a>&#6A;</a>", noCharacter), ("<a>&#xG;</a>", noCharacter),
    ("<a>&#-1;</a>", noCharacter), ("<a>&#+65;</a>", noCharacter), ("<a>&# 65;</a>", noCharacter),
    ("<a>&#0;</a>", noCharacter), ("<a>&#x1F;</a>", noCharacter), ("<a>&#xD800;</a>", noCharacter),
    ("<a>&#xDFFF;</a>", noCharacter), ("<a>&#xFFFE;</a>", noCharacter),
    ("<a>&#65535;</a>", noCharacter),
    ("<a>&#x110000;</a>", noCharacter), ("<a>&#4294967361;</a>", noCharacter),
    ("<a>&#x10000000000000041;</a>", noCharacter), ("<a b='&#0;'/>", noCharacter),
    ("<a>\u{0}</a>", forbidden), ("<a>\u{8}</a>", forbidden), ("<a>\u{B}</a>", forbidden),
    ("<a>\u{1B}</a>", forbidden), ("<a>\u{FFFE}</a>", forbidden), ("<a>\u{FFFF}</a>", forbidden),
    ("<a b='\u{1}'/>", forbidden), ("<a/>\u{0}", forbidden), ("<!-- \u{C} --><a/>", forbidden),
    ("<a><![CDATA[\u{1F}]]></a>", forbidden), ("<a><?b \u{FFFF}?></a>", forbidden),
  ]

  private static let declarations: [Row] = [
    (" <?xml version='1.0'?><a/>", noTarget), ("<a/><?xml version='1.0'?>", noTarget),
    ("<a><?xml version='1.0'?></a>", noTarget), ("<!-- --><?xml version='1.0'?><a/>", noTarget),
    ("<?xml version='1.0'?><?xml version='1.0'?><a/>", noTarget),
    ("<?XML version='1.0'?><a/>", noTarget),
    ("<?xml?><a/>", noVersion), ("<?xml ?><a/>", noVersion),
    ("<?xml encoding='UTF-8'?><a/>", noVersion),
    ("<?xml version='1.1'?><a/>", noVersion), ("<?xml version='1.&#48;'?><a/>", noVersion),
    ("<?xml:x?><a/>", noVersion), ("<?xml version=1.0?><a/>", "no quotes in the XML declaration"),
    ("<?xml version '1.0'?><a/>", "no '=' in the XML declaration"),
    ("<?xml version='1.0", openDeclaration), ("<?xml version='1.0\"?><a/>", openDeclaration),
    ("<?xml version='1.0'", openDeclaration), ("<?xml version='1.0'><a/>", openDeclaration),
    ("<?xml version='1.0'encoding='UTF-8'?><a/>", openDeclaration),
    ("<?xml version='1.0' version='1.0'?><a/>", openDeclaration),
    ("<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>", openDeclaration),
    ("<?xml version='1.0' x='y'?><a/>", openDeclaration),
    ("<?xml version='1.0'? ><a/>", openDeclaration),
    ("<?xml version='1.0' encoding='UTF-16'?><a/>", noUTF8),
    ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", noUTF8),
    ("<?xml version='1.0' encoding='utf-7'?><a/>", noUTF8),
    ("<?xml version='1.0' encoding=''?><a/>", noUTF8),
    ("<?xml version='1.0' encoding=' UTF-8'?><a/>", noUTF8),
    ("<?xml version='1.0' standalone='YES'?><a/>", "standalone with neither yes nor no"),
    (
      "<?xml version='1.0' encoding='us-ascii'?><a>é</a>",
      "more than ASCII in a document that claims it"
    ),
  ]

  private static let remarks: [Row] = [
    ("<a><!-- -- --></a>", hyphens), ("<a><!-- ---></a>", hyphens), ("<!-----><a/>", hyphens),
    ("<a><!-- ", openComment), ("<!-- ->", openComment), ("<!-->", openComment),
    ("<!--->", openComment),
    ("<a/><!--", openComment), ("<!- - --><a/>", noName), ("<? b?><a/>", noTarget),
    ("<??><a/>", noTarget),
    ("<?1?><a/>", noTarget), ("<?é?><a/>", noTarget), ("<?xMl b?><a/>", noTarget),
    ("<?b:c?><a/>", noSpace), ("<?b", noSpace), ("<?b??><a/>", noSpace), ("<?b ", openInstruction),
    ("<a><?b ?", openInstruction), ("<a><?b c></a>", openInstruction),
  ]

  private static let noName = "no name, or one that is not read"
  private static let more = "more than white space and comments after the root"
  private static let doctype = "a document type declaration"
  private static let openTag = "a start tag that does not end"
  private static let openElement = "an element that does not end"
  private static let openSection = "a CDATA section that does not end"
  private static let openComment = "a comment that does not end"
  private static let openDeclaration = "an XML declaration that does not end"
  private static let openInstruction = "a processing instruction that does not end"
  private static let noEquals = "no '=' after the name of an attribute"
  private static let noQuotes = "the value of an attribute without quotes"
  private static let repeated = "a repeated attribute"
  private static let otherName = "an end tag of another name"
  private static let noEntity = "a reference to no predefined entity"
  private static let noCharacter = "a reference to no character"
  private static let forbidden = "a character that XML does not allow"
  private static let noTarget = "a processing instruction without a target"
  private static let noVersion = "an XML declaration without version 1.0"
  private static let noUTF8 = "an encoding other than UTF-8"
  private static let noSpace = "no space after the target of an instruction"
  private static let hyphens = "two hyphens in a comment"
}
