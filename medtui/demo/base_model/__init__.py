"""The demo base model: generated text, a tokenizer, and the training that makes assets/demo_model."""
